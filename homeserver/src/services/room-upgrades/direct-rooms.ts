import type { RoomId } from '#matrix/ids.ts'
import type { JsonObject, JsonValue } from '#matrix/json.ts'

/**
 * `m.direct` with the new room beside the old one wherever that stands; undefined when there is nothing
 * to change.
 */
export function withSuccessor(
  direct: JsonObject,
  from: RoomId,
  to: RoomId,
): JsonObject | undefined {
  let isChanged = false
  const entries = Object.entries(direct).map(([user, rooms]): [string, JsonValue] => {
    if (!Array.isArray(rooms) || !rooms.includes(from) || rooms.includes(to)) return [user, rooms]
    isChanged = true
    return [user, [...rooms, to]]
  })
  return isChanged ? Object.fromEntries(entries) : undefined
}
