import type { EventRef, RoomInfo } from '#log/types.ts'
import type { AuthTypesInput, StateLookup, Verdict } from '#matrix/auth-rules/auth-rules.ts'
import { authTypes, type AuthType } from '#matrix/auth-rules/auth-types.ts'
import { checkAuth } from '#matrix/auth-rules/check-auth.ts'
import { PowerLevels } from '#matrix/auth-rules/power-levels.ts'
import type { ServerName, UserId } from '#matrix/ids.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import type { Prediction } from './prediction.ts'

/** What is asked for an event before it is built. */
export interface AuthRequest extends AuthTypesInput {
  /** Sender of the event that this one redacts. */
  readonly redactsEventOf: UserId | undefined
}

/** Types that the authorisation rules judge by their content. */
const RULED_BY_CONTENT: ReadonlySet<string> = new Set([
  'm.room.create',
  'm.room.member',
  'm.room.aliases',
  'm.room.power_levels',
  'm.room.third_party_invite',
  'm.room.redaction',
])

/** State the sender's rights depend on besides what becomes `auth_events`. */
const ALWAYS: readonly AuthType[] = [
  ['m.room.create', ''],
  ['m.room.power_levels', ''],
]

/**
 * Judges an event by the predicted state of its room, and by the client-server API's own rule on
 * redactions. Afterwards the prediction knows all state that `auth_events` name.
 */
export async function authorize(
  request: AuthRequest,
  prediction: Prediction,
  serverName: ServerName,
): Promise<Verdict> {
  const { roomId, version } = prediction.context.info
  const kind = kindOf(request)
  if (kind !== undefined && prediction.derived.permitted(kind) !== undefined)
    return { allowed: true }
  await prediction.load(ALWAYS)
  await prediction.load(authTypes(request, version))
  const input = { ...request, roomId, prevEvents: prediction.parents().map((ref) => ref.eventId) }
  const verdict = checkAuth(input, prediction.lookup, version, {
    signedBy: (server) => server === serverName,
  })
  if (!verdict.allowed) return verdict
  if (kind === undefined) return checkRedaction(request, prediction.lookup, version)
  prediction.derived.permit(kind, authRefs(request, prediction, prediction.context.info))
  return verdict
}

/**
 * What the verdict on a message depends on besides the state: its type and its sender. Undefined for
 * state events and redactions, whose content or target counts.
 */
function kindOf({ type, stateKey, sender, redactsEventOf }: AuthRequest): string | undefined {
  if (stateKey !== undefined || redactsEventOf !== undefined) return undefined
  return RULED_BY_CONTENT.has(type) ? undefined : `${sender} ${type}`
}

/**
 * Other people's events may be redacted by those with the power for it; the authorisation rules
 * leave that to the sender's server.
 * https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidredacteventidtxnid
 */
function checkRedaction(
  { redactsEventOf, sender }: AuthRequest,
  state: StateLookup,
  version: RoomVersion,
): Verdict {
  if (redactsEventOf === undefined || redactsEventOf === sender) return { allowed: true }
  const levels = PowerLevels.in(state, version)
  return levels.levelOf(sender) >= levels.levelFor('redact')
    ? { allowed: true }
    : { allowed: false, reason: 'The power to redact events of others is missing.' }
}

/** The events that stand in `auth_events`: the selected state, as far as there is any. */
export function authRefs(
  request: AuthRequest,
  prediction: Prediction,
  { version }: RoomInfo,
): readonly EventRef[] {
  const kind = kindOf(request)
  const permitted = kind === undefined ? undefined : prediction.derived.permitted(kind)
  if (permitted !== undefined) return permitted
  const refs: EventRef[] = []
  for (const [type, stateKey] of authTypes(request, version)) {
    const known = prediction.known(type, stateKey)
    if (known !== undefined) refs.push(known.ref)
  }
  return refs
}
