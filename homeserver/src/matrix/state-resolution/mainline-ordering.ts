import type { RoomEvent } from '../events/pdu.ts'
import type { EventId } from '../ids.ts'
import { authEventOf } from './auth-event.ts'
import { requireEvent } from './event-source.ts'
import type { EventLookup } from './event-source.ts'

/**
 * Sorts events by the mainline of a power levels event: who rests on an older one comes first, and
 * before all who rests on none of them.
 * https://spec.matrix.org/v1.19/rooms/v12/#definitions
 */
export function mainlineOrdering(
  ids: Iterable<EventId>,
  powerLevels: EventId | undefined,
  event: EventLookup,
): EventId[] {
  const positions = mainlineOf(powerLevels, event)
  return Array.from(ids, (id) => {
    const found = requireEvent(event, id)
    return { event: found, position: positionOf(found, positions, event) }
  })
    .toSorted((x, y) => compare(x.event, x.position, y.event, y.position))
    .map(({ event: { eventId } }) => eventId)
}

/** The mainline's events, each with its index. */
function mainlineOf(powerLevels: EventId | undefined, event: EventLookup): Map<EventId, number> {
  const positions = new Map<EventId, number>()
  for (
    let id = powerLevels;
    id !== undefined && !positions.has(id);
    id = powerLevelsOf(requireEvent(event, id), event)
  ) {
    positions.set(id, positions.size)
  }
  return positions
}

/** The event's mainline position; remembers the positions of the power levels passed on the way. */
function positionOf(of: RoomEvent, positions: Map<EventId, number>, event: EventLookup): number {
  const passed: EventId[] = []
  let id = powerLevelsOf(of, event)
  while (id !== undefined && !positions.has(id)) {
    passed.push(id)
    positions.set(id, Infinity)
    id = powerLevelsOf(requireEvent(event, id), event)
  }
  const position = (id && positions.get(id)) ?? Infinity
  for (const passedId of passed) positions.set(passedId, position)
  return position
}

function powerLevelsOf(of: RoomEvent, event: EventLookup): EventId | undefined {
  return authEventOf(of, 'm.room.power_levels', '', event)?.eventId
}

function compare(a: RoomEvent, aPosition: number, b: RoomEvent, bPosition: number): number {
  if (aPosition !== bPosition) return aPosition > bPosition ? -1 : 1
  if (a.originServerTs !== b.originServerTs) return a.originServerTs - b.originServerTs
  return a.eventId < b.eventId ? -1 : 1
}
