import { EventFlag, type EventEntry } from '../types.ts'

/** True for an event that clients see in the timeline: neither rejected nor soft-failed. */
export function isLive(entry: EventEntry): boolean {
  return (entry.event.flags & (EventFlag.rejected | EventFlag.softFailed)) === 0
}
