import { jsonObject, z } from '#http/endpoint.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import type { JoinOptions } from '#services/membership/index.ts'
import { requireCanonicalNumbers } from '../sending-events/canonical-body.ts'

const proof = z.object({
  sender: z.string(),
  mxid: z.string(),
  token: z.string(),
  signatures: jsonObject,
})

/** What may accompany a join, by ID or by alias. */
export const joinBody = z.object({
  third_party_signed: proof.optional(),
  reason: z.string().optional(),
})

/** What the server writes into the member event itself, or not at all. */
const OWN_KEYS: ReadonlySet<string> = new Set([
  'membership',
  'displayname',
  'avatar_url',
  'reason',
  'join_authorised_via_users_server',
  'third_party_invite',
  'third_party_signed',
])

/**
 * How a user wants to join. Keys that the specification does not know become content of the member
 * event, as with a join that is sent as a state event.
 * @throws {MatrixError} 400 `M_BAD_JSON` for numbers that no event can hold
 */
export function joinOptions(
  { reason }: z.output<typeof joinBody>,
  { source, rawBody }: { readonly source: JsonObject; readonly rawBody: string },
): JoinOptions {
  requireCanonicalNumbers(rawBody)
  const custom = Object.entries(source).filter(([key]) => !OWN_KEYS.has(key))
  // uncopied, as it was signed
  const signed = own(source, 'third_party_signed')
  const thirdPartySigned = isJsonObject(signed) ? signed : undefined
  return { reason, thirdPartySigned, content: Object.fromEntries(custom) }
}
