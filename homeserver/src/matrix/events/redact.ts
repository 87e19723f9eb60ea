import { isJsonObject, own } from '../json.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import type { Pdu } from './pdu.ts'

const TOP_LEVEL: ReadonlySet<string> = new Set([
  'event_id',
  'type',
  'room_id',
  'sender',
  'state_key',
  'content',
  'hashes',
  'signatures',
  'depth',
  'prev_events',
  'auth_events',
  'origin_server_ts',
])
/** Kept up to room version 10. */
const OLD_TOP_LEVEL: ReadonlySet<string> = new Set([
  ...TOP_LEVEL,
  'prev_state',
  'origin',
  'membership',
])

const POWER_LEVEL_KEYS = [
  'ban',
  'events',
  'events_default',
  'kick',
  'redact',
  'state_default',
  'users',
  'users_default',
]

/**
 * The event without what redaction removes, by the rules of the room's version. Signing, checking
 * signatures and the reference hash use this form too. Returns a new object that shares the kept
 * values with the old one.
 * https://spec.matrix.org/v1.19/rooms/v12/#redactions
 */
export function redact(pdu: Pdu, version: RoomVersion): Pdu {
  const kept = version.updatedRedaction ? TOP_LEVEL : OLD_TOP_LEVEL
  const redacted: Pdu = { ...pdu, content: redactContent(pdu.type, pdu.content, version) }
  for (const key of Object.keys(redacted)) {
    if (!kept.has(key)) Reflect.deleteProperty(redacted, key)
  }
  return redacted
}

/** The part of `content` that redaction keeps; a new object unless everything is kept. */
export function redactContent(type: string, content: JsonObject, version: RoomVersion): JsonObject {
  if (type === 'm.room.create' && version.updatedRedaction) return content
  const kept = pick(content, keptContentKeys(type, version))
  if (type !== 'm.room.member' || !version.updatedRedaction) return kept
  const thirdParty = own(content, 'third_party_invite')
  // Kept as an empty object when it has no `signed`; other servers do the same.
  return isJsonObject(thirdParty)
    ? { ...kept, third_party_invite: pick(thirdParty, ['signed']) }
    : kept
}

function keptContentKeys(type: string, version: RoomVersion): readonly string[] {
  switch (type) {
    case 'm.room.member':
      return version.redactionKeepsJoinAuthorised
        ? ['membership', 'join_authorised_via_users_server']
        : ['membership']
    case 'm.room.create':
      return ['creator']
    case 'm.room.join_rules':
      return version.restrictedJoins ? ['join_rule', 'allow'] : ['join_rule']
    case 'm.room.power_levels':
      return version.updatedRedaction ? [...POWER_LEVEL_KEYS, 'invite'] : POWER_LEVEL_KEYS
    case 'm.room.aliases':
      return version.aliasesAuthRule ? ['aliases'] : []
    case 'm.room.history_visibility':
      return ['history_visibility']
    case 'm.room.redaction':
      return version.updatedRedaction ? ['redacts'] : []
    default:
      return []
  }
}

function pick(object: Readonly<JsonObject>, keys: readonly string[]): JsonObject {
  const kept: [string, JsonValue][] = []
  for (const key of keys) {
    const value = own(object, key)
    if (value !== undefined) kept.push([key, value])
  }
  return Object.fromEntries(kept)
}
