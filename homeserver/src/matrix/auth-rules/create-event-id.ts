import type { EventId, RoomId } from '../ids.ts'

/**
 * The ID of the create event that a room ID of room version 12 and later stands for.
 * https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules
 */
export function createEventIdOf(roomId: RoomId): EventId {
  return `$${roomId.slice(1)}` as EventId
}
