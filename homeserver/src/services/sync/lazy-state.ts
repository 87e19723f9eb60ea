import type { EventEntry, RoomKey, StoredEvent } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import { pointAtStart } from './room-points.ts'
import { MEMBER } from './target.ts'
import type { TimelineWindow } from './timeline-window.ts'
import { wantsStateAfter, type Answering, type SyncDeps } from './types.ts'

/**
 * Member events of the senders in a timeline that the device does not know yet, as of the timeline's
 * start or end. https://spec.matrix.org/v1.19/client-server-api/#lazy-loading-room-members
 * @param also users whose events are wanted besides
 */
export async function membersOfSenders(
  deps: Pick<SyncDeps, 'roomStates'>,
  answering: Answering,
  room: RoomKey,
  window: TimelineWindow,
  also: Iterable<UserId> = [],
): Promise<StoredEvent[]> {
  const { lazy, filter } = answering
  if (lazy === undefined) return []
  const wanted = new Set([...unintroduced(window.events), ...also])
  const unknown = filter.redundantMembers
    ? [...wanted]
    : Array.from(wanted).filter((userId) => !lazy.knows(room, userId))
  const members = await Promise.all(
    unknown.map((userId) => memberAt(deps, answering, room, window, userId)),
  )
  return members.filter((event) => event !== undefined)
}

/** Senders whose member event does not come before them in the same timeline. */
function unintroduced(events: readonly EventEntry[]): Set<UserId> {
  const introduced = new Set<string>()
  const senders = new Set<UserId>()
  for (const { event } of events) {
    if (event.type === MEMBER && event.stateKey !== undefined) introduced.add(event.stateKey)
    if (!introduced.has(event.senderId)) senders.add(event.senderId)
  }
  return senders
}

async function memberAt(
  deps: Pick<SyncDeps, 'roomStates'>,
  answering: Answering,
  room: RoomKey,
  window: TimelineWindow,
  userId: UserId,
): Promise<StoredEvent | undefined> {
  const first = window.events[0]
  const after = wantsStateAfter(answering) || first === undefined
  const current = await deps.roomStates.currentOf(room, MEMBER, userId)
  if (current === undefined) return undefined
  // what the timeline brings was something else at its start
  const shown = !after && window.events.some(({ event }) => event.pos === current.pos)
  if (!shown && current.pos <= answering.upTo) return current
  const point = after
    ? await deps.roomStates.pointAtPos(room, answering.upTo)
    : await pointAtStart(deps, room, window)
  return point && (await deps.roomStates.at(point, MEMBER, userId))
}
