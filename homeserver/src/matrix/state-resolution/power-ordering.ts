import type { RoomEvent } from '../events/pdu.ts'
import type { EventId } from '../ids.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { senderLevelOf } from './auth-event.ts'
import { requireEvent } from './event-source.ts'
import type { EventLookup } from './event-source.ts'
import { isPowerEvent } from './power-event.ts'
import { PriorityQueue } from './priority-queue.ts'

interface Candidate {
  readonly event: RoomEvent
  readonly senderLevel: number
}

/** The auth graph below some events: how many links each event waits for, and who waits for it. */
interface AuthGraph {
  readonly waiting: Map<EventId, number>
  readonly dependents: Map<EventId, EventId[]>
}

/**
 * The power events of the full conflicted set, with what their auth chains have in it, in reverse
 * topological power ordering.
 * https://spec.matrix.org/v1.19/rooms/v12/#definitions
 *
 * One event may lead to another through events outside the set, so the whole auth graph below is
 * sorted; events outside the set are taken as soon as they can be and leave no trace in the list.
 */
export function powerOrdering(
  fullConflicted: ReadonlySet<EventId>,
  version: RoomVersion,
  event: EventLookup,
): EventId[] {
  const powerEvents = [...fullConflicted].filter((id) => isPowerEvent(requireEvent(event, id)))
  const graph = authGraph(powerEvents, event)
  const candidates = new PriorityQueue<Candidate>(comesBefore)
  const passing: EventId[] = []
  const offer = (id: EventId) => {
    if (!fullConflicted.has(id)) return passing.push(id)
    const found = requireEvent(event, id)
    return candidates.push({ event: found, senderLevel: senderLevelOf(found, version, event) })
  }
  for (const [id, count] of graph.waiting) if (count === 0) offer(id)
  const order: EventId[] = []
  for (;;) {
    const id = passing.pop() ?? candidates.pop()?.event.eventId
    if (id === undefined) return order
    if (fullConflicted.has(id)) order.push(id)
    for (const dependent of graph.dependents.get(id) ?? []) {
      const left = (graph.waiting.get(dependent) ?? 0) - 1
      graph.waiting.set(dependent, left)
      if (left === 0) offer(dependent)
    }
  }
}

function authGraph(roots: readonly EventId[], event: EventLookup): AuthGraph {
  const waiting = new Map<EventId, number>()
  const dependents = new Map<EventId, EventId[]>()
  const open = [...roots]
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (waiting.has(id)) continue
    const { authEvents } = requireEvent(event, id)
    waiting.set(id, authEvents.length)
    for (const authId of authEvents) {
      const list = dependents.get(authId)
      if (list === undefined) dependents.set(authId, [id])
      else list.push(id)
      if (!waiting.has(authId)) open.push(authId)
    }
  }
  return { waiting, dependents }
}

function comesBefore(x: Candidate, y: Candidate): boolean {
  if (x.senderLevel !== y.senderLevel) return x.senderLevel > y.senderLevel
  const [a, b] = [x.event, y.event]
  if (a.originServerTs !== b.originServerTs) return a.originServerTs < b.originServerTs
  return a.eventId < b.eventId
}
