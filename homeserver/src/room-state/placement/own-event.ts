import { parseJson } from '#matrix/events/parse-json.ts'
import type { Pdu, RoomEvent } from '#matrix/events/pdu.ts'
import { toRoomEvent } from '#matrix/events/room-event.ts'
import { isJsonObject } from '#matrix/json.ts'
import type { EventId } from '#matrix/ids.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'

/**
 * The parsed form of an event that is about to be stored.
 * @throws {TypeError} when its text is not an object
 */
export function ownEvent(
  event: { readonly ref: { readonly eventId: EventId }; readonly json: string },
  version: RoomVersion,
): RoomEvent {
  const json = parseJson(event.json)
  if (!isJsonObject(json)) throw new TypeError(`Event ${event.ref.eventId} is not an object.`)
  // checked before it came here
  return toRoomEvent(json as Pdu, event.ref.eventId, version)
}
