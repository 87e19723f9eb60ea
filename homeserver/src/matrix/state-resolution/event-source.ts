import type { RoomEvent } from '../events/pdu.ts'
import type { EventId } from '../ids.ts'

/** Events that are loaded already; undefined for one that is not. */
export type EventLookup = (id: EventId) => RoomEvent | undefined

/** An event that a resolution needs was not loaded beforehand. */
export class MissingEventError extends Error {
  readonly eventId: EventId

  constructor(eventId: EventId) {
    super(`The event ${eventId} is needed and was not loaded.`)
    this.name = 'MissingEventError'
    this.eventId = eventId
  }
}

/** @throws {MissingEventError} when the event is not loaded */
export function requireEvent(event: EventLookup, id: EventId): RoomEvent {
  const found = event(id)
  if (found === undefined) throw new MissingEventError(id)
  return found
}
