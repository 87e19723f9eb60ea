import type { Point, RoomKey, StoredEvent } from '#log/types.ts'
import { pointAtEnd, pointAtStart, stateUnder } from './room-points.ts'
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
  const { roomStates } = deps
  const from = await roomStates.pointAtPos(room, answering.since)
  const end = await pointAtEnd(deps, room, window, answering.upTo)
  if (end === undefined) return []
  const upTo = async (point: Point): Promise<StoredEvent[]> =>
    from === undefined ? await roomStates.fullAt(point) : await roomStates.delta(from, point)
  const changes = await upTo(end)
  if (after) return changes
  const start = await pointAtStart(deps, room, window)
  return stateUnder(window.events, start === undefined ? [] : await upTo(start), changes)
}
