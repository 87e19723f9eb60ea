import type { EventId } from '../ids.ts'
import { requireEvent } from './event-source.ts'
import type { EventLookup } from './event-source.ts'

/**
 * The conflicted state set together with its subgraph of room version 12: every event on a path of
 * `auth_events` links from one event of the set to another. What is walked here is reached from the
 * set anyway, so an event belongs to the answer when it is in the set or leads to one that is.
 * https://spec.matrix.org/v1.19/rooms/v12/#definitions
 */
export function withConflictedSubgraph(
  conflicted: ReadonlySet<EventId>,
  event: EventLookup,
): Set<EventId> {
  const answer = new Set<EventId>()
  const entered = new Set<EventId>()
  for (const root of conflicted) {
    const open = [root]
    for (let id = open.at(-1); id !== undefined; id = open.at(-1)) {
      const { authEvents } = requireEvent(event, id)
      if (!entered.has(id)) {
        entered.add(id)
        for (const authId of authEvents) if (!entered.has(authId)) open.push(authId)
        continue
      }
      // Met again: all that it leads to is decided.
      open.pop()
      if (conflicted.has(id) || authEvents.some((authId) => answer.has(authId))) answer.add(id)
    }
  }
  return answer
}
