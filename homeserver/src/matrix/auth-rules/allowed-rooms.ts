import { isRoomId, type RoomId } from '../ids.ts'
import { isJsonObject, own, type JsonObject } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'

/**
 * The rooms whose members may join a restricted room without an invitation; undefined when the room is
 * not restricted. Conditions of other kinds and malformed ones count as not met.
 * https://spec.matrix.org/v1.19/client-server-api/#restricted-rooms
 * @param joinRules content of `m.room.join_rules`
 */
export function allowedRooms(
  joinRules: JsonObject | undefined,
  version: RoomVersion,
): readonly RoomId[] | undefined {
  if (joinRules === undefined || !isRestricted(own(joinRules, 'join_rule'), version)) {
    return undefined
  }
  const allow = own(joinRules, 'allow')
  const rooms = new Set<RoomId>()
  for (const condition of Array.isArray(allow) ? allow : []) {
    if (!isJsonObject(condition) || own(condition, 'type') !== 'm.room_membership') continue
    const roomId = own(condition, 'room_id')
    if (typeof roomId === 'string' && isRoomId(roomId)) rooms.add(roomId)
  }
  return [...rooms]
}

function isRestricted(rule: unknown, version: RoomVersion): boolean {
  if (rule === 'restricted') return version.restrictedJoins
  return rule === 'knock_restricted' && version.knockRestricted
}
