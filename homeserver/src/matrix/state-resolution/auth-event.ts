import { createEventIdOf } from '../auth-rules/create-event-id.ts'
import { PowerLevels } from '../auth-rules/power-levels.ts'
import type { RoomEvent } from '../events/pdu.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { requireEvent } from './event-source.ts'
import type { EventLookup } from './event-source.ts'

/** The state event of this key among an event's `auth_events`. */
export function authEventOf(
  of: RoomEvent,
  type: string,
  stateKey: string,
  event: EventLookup,
): RoomEvent | undefined {
  for (const id of of.authEvents) {
    const found = requireEvent(event, id)
    if (found.type === type && found.stateKey === stateKey) return found
  }
  return undefined
}

/** The create event: named by `auth_events`, from room version 12 by the room ID. */
export function createEventOf(
  of: RoomEvent,
  version: RoomVersion,
  event: EventLookup,
): RoomEvent | undefined {
  if (!version.roomIdIsCreateHash) return authEventOf(of, 'm.room.create', '', event)
  return requireEvent(event, createEventIdOf(of.roomId))
}

/** The sender's power level by the event's own `auth_events`. */
export function senderLevelOf(of: RoomEvent, version: RoomVersion, event: EventLookup): number {
  const levels = authEventOf(of, 'm.room.power_levels', '', event)
  const create = createEventOf(of, version, event)
  return new PowerLevels(levels, create, version).levelOf(of.sender)
}
