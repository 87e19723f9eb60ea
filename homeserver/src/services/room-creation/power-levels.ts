import type { UserId } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import type { Preset } from './options.ts'

const MODERATOR = 50
const ADMIN = 100
/** From room version 12: out of reach for everybody but the creators. */
const CREATORS_ONLY = 150

/**
 * The first `m.room.power_levels` of a room.
 * @param trusted invited users who get the creator's power, where creators are listed at all
 * @param override top-level properties that the client puts in place of ours
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom
 */
export function powerLevelsContent(
  room: {
    readonly version: RoomVersion
    readonly preset: Preset
    readonly creator: UserId
    readonly trusted: readonly UserId[]
  },
  override: JsonObject,
): JsonObject {
  const { version, preset, creator, trusted } = room
  const admins = version.privilegedCreators ? [] : [creator, ...trusted]
  const content: JsonObject = {
    users: Object.fromEntries(admins.map((user) => [user, ADMIN])),
    users_default: 0,
    events: {
      'm.room.name': MODERATOR,
      'm.room.avatar': MODERATOR,
      'm.room.canonical_alias': MODERATOR,
      'm.room.power_levels': ADMIN,
      'm.room.history_visibility': ADMIN,
      'm.room.server_acl': ADMIN,
      'm.room.encryption': ADMIN,
      'm.room.tombstone': version.privilegedCreators ? CREATORS_ONLY : ADMIN,
      // so that every member can take part in calls
      'org.matrix.msc3401.call.member': 0,
    },
    events_default: 0,
    state_default: MODERATOR,
    ban: MODERATOR,
    kick: MODERATOR,
    redact: MODERATOR,
    invite: preset === 'public_chat' ? MODERATOR : 0,
    notifications: { room: MODERATOR },
    ...override,
  }
  return version.privilegedCreators ? withTombstone(content) : content
}

/** The level for `m.room.tombstone` must be explicit and above `state_default` from version 12. */
function withTombstone(content: JsonObject): JsonObject {
  const events = own(content, 'events')
  if (!isJsonObject(events) || Object.hasOwn(events, 'm.room.tombstone')) return content
  const stateDefault = own(content, 'state_default')
  const level =
    typeof stateDefault === 'number' ? Math.max(CREATORS_ONLY, stateDefault + 1) : CREATORS_ONLY
  return { ...content, events: { ...events, 'm.room.tombstone': level } }
}
