import type { EventEntry, Point, RoomKey, StoredEvent } from '#log/types.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import type { StateKeyString } from '#matrix/events/pdu.ts'
import { lastPerKey } from './state-changes.ts'
import type { TimelineWindow } from './timeline-window.ts'
import type { SyncDeps } from './types.ts'

type Deps = { readonly roomStates: Pick<SyncDeps['roomStates'], 'pointAtPos'> }

/**
 * Where the room stood when the timeline began: not before its first event as the graph has it, which
 * may be on a branch whose state never became the room's. Undefined: before the room.
 */
export async function pointAtStart(
  deps: Deps,
  room: RoomKey,
  window: Pick<TimelineWindow, 'events' | 'read'>,
): Promise<Point | undefined> {
  const [first] = window.events
  if (first === undefined) return undefined
  const before = window.read.findLast(({ pos }) => pos < first.pos)?.event
  return before?.current ?? before?.point ?? (await deps.roomStates.pointAtPos(room, first.pos - 1))
}

/** Where the room stood after what was read, or at a position when that is nothing. */
export async function pointAtEnd(
  deps: Deps,
  room: RoomKey,
  window: Pick<TimelineWindow, 'read'>,
  upTo: number,
): Promise<Point | undefined> {
  const last = window.read.at(-1)?.event
  return last?.current ?? last?.point ?? (await deps.roomStates.pointAtPos(room, upTo))
}

/**
 * The state from which a timeline leads to the room's state after it: of keys that the timeline brings
 * to their value there, the value that they had at its start; of all others that value itself, for
 * neither what the filter dropped nor what branches did to each other is in the timeline.
 * @param start state, or changes of it, up to the timeline's start
 * @param end the same up to its end
 */
export function stateUnder(
  timeline: readonly EventEntry[],
  start: readonly StoredEvent[],
  end: readonly StoredEvent[],
): StoredEvent[] {
  const shown = lastPerKey(timeline.map(({ event }) => event))
  const brought = new Set<StateKeyString>()
  const state: StoredEvent[] = []
  for (const event of end) {
    const key = stateKeyString(event.type, event.stateKey ?? '')
    if (shown.get(key)?.pos === event.pos) brought.add(key)
    else state.push(event)
  }
  const before = start.filter((event) =>
    brought.has(stateKeyString(event.type, event.stateKey ?? '')),
  )
  return [...before, ...state]
}
