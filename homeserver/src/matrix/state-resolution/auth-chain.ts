import type { EventId } from '../ids.ts'
import { requireEvent } from './event-source.ts'
import type { EventLookup } from './event-source.ts'

/**
 * The full auth chain of the events: what is reached through `auth_events`, without the events
 * themselves unless one is in another's chain.
 * https://spec.matrix.org/v1.19/rooms/v12/#definitions
 * @throws {MissingEventError} when part of the chain is not loaded
 */
export function authChainIds(events: Iterable<EventId>, event: EventLookup): Set<EventId> {
  const chain = new Set<EventId>()
  const open: EventId[] = []
  const enter = (id: EventId) => {
    for (const authId of requireEvent(event, id).authEvents) {
      if (chain.has(authId)) continue
      chain.add(authId)
      open.push(authId)
    }
  }
  for (const id of events) enter(id)
  for (let id = open.pop(); id !== undefined; id = open.pop()) enter(id)
  return chain
}

/**
 * Walks the events and their auth chains, and yields in batches the ids that are not loaded. Load a
 * batch before asking for the next one; when the generator is done, everything is loaded that
 * {@link authChainIds} and `resolveState` need for these events.
 * @throws {MissingEventError} when an id of the batch before is still not loaded
 */
export function* authChainGaps(
  events: Iterable<EventId>,
  event: EventLookup,
): Generator<EventId[], void, void> {
  const seen = new Set<EventId>(events)
  let open = [...seen]
  for (;;) {
    const gaps: EventId[] = []
    for (let id = open.pop(); id !== undefined; id = open.pop()) {
      const found = event(id)
      if (found === undefined) gaps.push(id)
      else
        for (const authId of found.authEvents) if (!seen.has(authId)) open.push(note(seen, authId))
    }
    if (gaps.length === 0) return
    yield gaps
    for (const id of gaps) requireEvent(event, id)
    open = [...gaps]
  }
}

function note(seen: Set<EventId>, id: EventId): EventId {
  seen.add(id)
  return id
}
