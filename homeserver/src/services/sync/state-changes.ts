import { EventFlag, type EventEntry, type Point, type StoredEvent } from '#log/types.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import type { StateKeyString } from '#matrix/events/pdu.ts'

/** The last state event of each key, in order of position. */
export function lastPerKey(events: Iterable<StoredEvent>): Map<StateKeyString, StoredEvent> {
  const last = new Map<StateKeyString, StoredEvent>()
  for (const event of events) {
    if (event.stateKey === undefined) continue
    const key = stateKeyString(event.type, event.stateKey)
    last.delete(key)
    last.set(key, event)
  }
  return last
}

/**
 * True when each event's state follows from the room's before it, so that the state events among them
 * are all that changed. Where branches part or join it is not.
 */
export function isLinear(read: readonly EventEntry[]): boolean {
  let before: Point | undefined
  for (const { event } of read) {
    const { point } = event
    if (point === undefined || (event.flags & EventFlag.reshapes) !== 0) return false
    const step = event.stateKey === undefined ? 0 : 1
    if (before !== undefined && (before.line !== point.line || before.idx + step !== point.idx)) {
      return false
    }
    before = point
  }
  return true
}

/**
 * State changes that a timeline does not show: those before it, and those that the filter dropped
 * from it, which would otherwise be lost to the client for good.
 * @param read everything from which the timeline was cut
 */
export function changesOutside(
  read: readonly EventEntry[],
  timeline: readonly EventEntry[],
): StoredEvent[] {
  const shown = new Set(timeline.map(({ event }) => event))
  const first = timeline[0]?.pos ?? Infinity
  const lastShown = lastPerKey(timeline.map(({ event }) => event))
  const omitted = lastPerKey(
    read.filter(({ event }) => !shown.has(event)).map(({ event }) => event),
  )
  return Array.from(omitted)
    .filter(([key, event]) => event.pos < first || !isLater(lastShown.get(key), event))
    .map(([, event]) => event)
}

const isLater = (shown: StoredEvent | undefined, event: StoredEvent): boolean =>
  shown !== undefined && shown.pos > event.pos

/** True when somebody's membership is among the events. */
export function isMemberChange(events: Iterable<StoredEvent>): boolean {
  for (const event of events) {
    if (event.type === 'm.room.member' && event.stateKey !== undefined) return true
  }
  return false
}
