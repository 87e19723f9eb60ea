import type { EventId } from '../ids.ts'
import { authChainIds } from './auth-chain.ts'
import type { Conflicts } from './conflicts.ts'
import { requireEvent } from './event-source.ts'
import type { EventLookup } from './event-source.ts'

/**
 * The events that are in the full auth chain of some state, but not of every state.
 * https://spec.matrix.org/v1.19/rooms/v12/#definitions
 *
 * The unconflicted events add the same part to every chain. So only the conflicted events' chains
 * are compared, and what is found then has to stay out of the unconflicted events' chains.
 */
export function authDifference(conflicts: Conflicts, event: EventLookup): Set<EventId> {
  const { conflicted, unconflicted } = conflicts
  const occurrences = new Map<EventId, number>()
  for (const ids of conflicted) {
    for (const id of authChainIds(ids, event)) occurrences.set(id, (occurrences.get(id) ?? 0) + 1)
  }
  const difference = new Set<EventId>()
  for (const [id, count] of occurrences) if (count < conflicted.length) difference.add(id)
  removeReachable(difference, unconflicted.values(), event)
  return difference
}

/** Takes out of the set what lies in the auth chains of the roots; stops when nothing is left. */
function removeReachable(
  difference: Set<EventId>,
  roots: Iterable<EventId>,
  event: EventLookup,
): void {
  const seen = new Set<EventId>()
  const open: EventId[] = []
  for (const root of roots) {
    open.push(root)
    for (let id = open.pop(); id !== undefined && difference.size > 0; id = open.pop()) {
      for (const authId of requireEvent(event, id).authEvents) {
        if (seen.has(authId)) continue
        seen.add(authId)
        difference.delete(authId)
        open.push(authId)
      }
    }
    if (difference.size === 0) return
  }
}
