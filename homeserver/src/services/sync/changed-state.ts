import type { RoomKey, StoredEvent } from '#log/types.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import { changesOutside, isLinear, lastPerKey } from './state-changes.ts'
import type { TimelineWindow } from './timeline-window.ts'
import { wantsStateAfter, type Answering, type SyncDeps } from './types.ts'

/**
 * What changed in a room's state since the client's last sync: up to the start of the timeline, or
 * up to its end where the client asked for that. Without SQL unless there is a gap.
 */
export async function changedState(
  deps: Pick<SyncDeps, 'roomStates'>,
  answering: Answering,
  room: RoomKey,
  window: TimelineWindow,
): Promise<StoredEvent[]> {
  const after = wantsStateAfter(answering)
  if (window.complete && isLinear(window.read)) {
    return after
      ? [...lastPerKey(window.read.map(({ event }) => event)).values()]
      : changesOutside(window.read, window.events)
  }
  const first = window.events[0]
  const from = await deps.roomStates.pointAtPos(room, answering.since)
  const start = first === undefined ? undefined : deps.roomStates.pointBefore(first.event)
  const end = window.read.at(-1)?.event.point
  const to = after || start === undefined ? end : start
  if (from === undefined || to === undefined) {
    return to === undefined ? [] : await deps.roomStates.fullAt(to)
  }
  const changes: StoredEvent[] = await deps.roomStates.delta(from, to)
  if (after) return changes
  const shownAfter = window.read.filter((entry) => first !== undefined && entry.pos > first.pos)
  const dropped = changesOutside(shownAfter, window.events)
  return merge(changes, dropped)
}

/** Later events replace earlier ones of the same key. */
function merge(earlier: readonly StoredEvent[], later: readonly StoredEvent[]): StoredEvent[] {
  const state = new Map(earlier.map((event) => [keyOf(event), event]))
  for (const event of later) state.set(keyOf(event), event)
  return [...state.values()]
}

const keyOf = (event: StoredEvent) => stateKeyString(event.type, event.stateKey ?? '')
