import { isEventId, parseRoomId } from '../ids.ts'
import type { EventId, RoomId } from '../ids.ts'
import { own } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { roomIdOfCreate } from './hashes.ts'
import type { Pdu, RoomEvent } from './pdu.ts'

/**
 * The form of an event that does not depend on its room version.
 * @throws {TypeError} when the event lacks a room ID it needs; a checked event never does
 */
export function toRoomEvent(
  pdu: Pdu,
  eventId: EventId,
  version: RoomVersion,
  options: { rejected?: boolean } = {},
): RoomEvent {
  const stateKey = own(pdu, 'state_key')
  return {
    eventId,
    roomId: roomIdOf(pdu, eventId, version),
    type: pdu.type,
    stateKey: typeof stateKey === 'string' ? stateKey : undefined,
    sender: pdu.sender,
    content: pdu.content,
    originServerTs: pdu.origin_server_ts,
    depth: pdu.depth,
    prevEvents: pdu.prev_events,
    authEvents: pdu.auth_events,
    redacts: redactedBy(pdu, version),
    rejected: options.rejected ?? false,
  }
}

function roomIdOf(pdu: Pdu, eventId: EventId, version: RoomVersion): RoomId {
  if (version.roomIdIsCreateHash && pdu.type === 'm.room.create') return roomIdOfCreate(eventId)
  const roomId = own(pdu, 'room_id')
  return parseRoomId(typeof roomId === 'string' ? roomId : '')
}

/** The event that an `m.room.redaction` points at. */
function redactedBy(pdu: Pdu, version: RoomVersion): EventId | undefined {
  if (pdu.type !== 'm.room.redaction') return undefined
  const redacts = own(version.redactsInContent ? pdu.content : pdu, 'redacts')
  return typeof redacts === 'string' && isEventId(redacts) ? redacts : undefined
}
