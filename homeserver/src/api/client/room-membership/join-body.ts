import { jsonObject, z } from '#http/endpoint.ts'
import type { JsonObject } from '#matrix/json.ts'
import type { JoinOptions } from '#services/membership/index.ts'
import { requireCanonicalNumbers } from '../sending-events/canonical-body.ts'

/** What may accompany a join, by ID or by alias. */
export const joinBody = z.object({
  third_party_signed: jsonObject.optional(),
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
  { reason, third_party_signed: thirdPartySigned }: z.output<typeof joinBody>,
  { source, rawBody }: { readonly source: JsonObject; readonly rawBody: string },
): JoinOptions {
  requireCanonicalNumbers(rawBody)
  const custom = Object.entries(source).filter(([key]) => !OWN_KEYS.has(key))
  return { reason, thirdPartySigned, content: Object.fromEntries(custom) }
}
