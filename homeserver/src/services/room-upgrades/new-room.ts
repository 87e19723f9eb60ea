import { canonicalJson, CanonicalJsonError } from '#matrix/events/canonical-json.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import type { UserId } from '#matrix/ids.ts'
import { own, type JsonObject } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import type { NewRoomEvent } from '#services/sending/index.ts'
import { carriedJoinRules } from './join-rules.ts'
import type { OldRoom } from './old-room.ts'

export interface Successor {
  readonly creator: UserId
  readonly version: RoomVersion
  readonly additionalCreators: readonly UserId[]
  /** The creator's own membership. */
  readonly join: JsonObject
  readonly powerLevels: JsonObject
}

/**
 * The first events of the room that replaces another.
 * https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-19
 */
export function successorEvents(old: OldRoom, successor: Successor): NewRoomEvent[] {
  const { creator, join, powerLevels, version } = successor
  return [
    { type: 'm.room.create', stateKey: '', content: createContent(old, successor) },
    { type: 'm.room.member', stateKey: creator, content: join },
    { type: 'm.room.power_levels', stateKey: '', content: powerLevels },
    ...old.carried.flatMap((event) => carried(event, version)),
  ]
}

/** A state event of the old room for the new one; none where the new version cannot hold it. */
export function carried(
  { type, stateKey = '', content }: RoomEvent,
  version: RoomVersion,
): NewRoomEvent[] {
  if (!isCanonical(content, version)) return []
  const adapted = type === 'm.room.join_rules' ? carriedJoinRules(content, version) : content
  return [{ type, stateKey, content: adapted }]
}

function createContent(old: OldRoom, successor: Successor): JsonObject {
  const { creator, version, additionalCreators } = successor
  const type = own(old.create.content, 'type')
  return {
    ...(typeof type === 'string' && { type }),
    ...(own(old.create.content, 'm.federate') === false && { 'm.federate': false }),
    predecessor: predecessor(old, version),
    room_version: version.id,
    ...(!version.implicitCreator && { creator }),
    ...(additionalCreators.length > 0 && { additional_creators: [...additionalCreators] }),
  }
}

/** From room version 12 the old room is named alone, as other servers do. */
function predecessor({ info, last }: OldRoom, version: RoomVersion): JsonObject {
  const named = last !== undefined && !version.roomIdIsCreateHash
  return { room_id: info.roomId, ...(named && { event_id: last.eventId }) }
}

/** Rooms of the first versions may hold numbers that later ones refuse. */
function isCanonical(content: JsonObject, version: RoomVersion): boolean {
  try {
    canonicalJson(content, { strict: version.strictCanonicalJson })
    return true
  } catch (error) {
    if (error instanceof CanonicalJsonError) return false
    throw error
  }
}
