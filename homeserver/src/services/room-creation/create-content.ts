import type { UserId } from '#matrix/ids.ts'
import { without } from '#matrix/events/hashes.ts'
import { own, type JsonObject, type JsonValue } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'

/**
 * The content of `m.room.create`: what the client asked for, and what is the server's to say.
 * @param trusted invited users who become creators too, where the room version has that
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3createroom
 */
export function createContent(
  asked: JsonObject,
  version: RoomVersion,
  creator: UserId,
  trusted: readonly UserId[],
): JsonObject {
  const content = {
    ...without(asked, ['creator', 'room_version']),
    room_version: version.id,
    ...(!version.implicitCreator && { creator }),
  }
  if (!version.privilegedCreators || trusted.length === 0) return content
  return { ...content, additional_creators: merged(own(asked, 'additional_creators'), trusted) }
}

function merged(asked: JsonValue | undefined, trusted: readonly UserId[]): JsonValue {
  if (asked !== undefined && !Array.isArray(asked)) return asked // refused by the rules
  const already = asked ?? []
  return [...already, ...trusted.filter((user) => !already.includes(user))]
}
