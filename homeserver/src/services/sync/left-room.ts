import { encodePageToken } from '#log/positions/page-token.ts'
import type { EventEntry, StoredEvent } from '#log/types.ts'
import { timelineMatcher, type SectionDeps } from './changed-room.ts'
import { changedState } from './changed-state.ts'
import { sendersOf } from './full-state.ts'
import { membershipAt, membershipAtPoint } from './membership-at.ts'
import { accountDataJson } from './room-extras.ts'
import { leftRoomJson } from './room-json.ts'
import { filterState, MEMBER, type Target } from './target.ts'
import { cutWindow, readWindow, type TimelineWindow } from './timeline-window.ts'
import { wantsStateAfter, type Answering } from './types.ts'
import { visibleWindow } from './visible-window.ts'

/**
 * A room that the user left, was removed from, or whose invitation is gone: the timeline up to that
 * event. Who had not joined it before gets that event alone.
 */
export async function leftRoom(
  deps: SectionDeps,
  current: Answering,
  target: Target,
): Promise<string> {
  const answering = { ...current, upTo: target.row.pos }
  const leave = await leaveEvent(deps, target)
  const pointBefore = leave && deps.roomStates.pointBefore(leave.event)
  const before = await membershipAtPoint(deps, pointBefore, answering.userId)
  const { window, state } =
    before === 'join'
      ? await lastNews(deps, answering, target)
      : onlyLeave(answering, target, leave)
  const { viewer, filter } = answering
  return leftRoomJson({
    timeline: await deps.json.timeline(window.events, viewer, undefined, filter.format),
    limited: window.limited,
    prevBatch: window.prevBatch && encodePageToken(window.prevBatch),
    stateField: answering.stateField,
    state: await deps.json.state(filterState(answering, target, state), viewer, filter.format),
    accountData: accountDataJson(answering, target, answering.initial).join(','),
  })
}

async function leaveEvent(deps: SectionDeps, target: Target): Promise<EventEntry | undefined> {
  const { pos } = target.row
  const range = { after: pos - 1, upTo: pos, limit: 1 }
  return (await deps.reads.roomTail(target.room, range)).events[0]
}

interface LeftState {
  readonly window: TimelineWindow
  readonly state: readonly StoredEvent[]
}

function onlyLeave(answering: Answering, target: Target, leave: EventEntry | undefined): LeftState {
  const read = leave === undefined ? [] : [leave]
  const window = cutWindow(read, true, timelineMatcher(answering, target), 1)
  const state = wantsStateAfter(answering) ? read.map(({ event }) => event) : []
  return { window: { ...window, prevBatch: undefined }, state }
}

/** What happened until the user left, to who was joined at the last sync or joined since. */
async function lastNews(
  deps: SectionDeps,
  answering: Answering,
  target: Target,
): Promise<LeftState> {
  const { room, row } = target
  const { since, upTo, userId } = answering
  const wasJoined = !answering.initial && (await membershipAt(deps, room, since, userId)) === 'join'
  const found = await readWindow(
    deps.reads,
    room,
    { after: wasJoined ? since : 0, upTo },
    timelineMatcher(answering, target),
    answering.filter.timelineLimit,
  )
  const window = await visibleWindow(deps, answering.user, row, found)
  if (wasJoined) return { window, state: await changedState(deps, answering, room, window) }
  const state = await stateUpTo(deps, answering, window)
  return { window: answering.initial ? window : { ...window, limited: true }, state }
}

async function stateUpTo(
  deps: SectionDeps,
  answering: Answering,
  window: TimelineWindow,
): Promise<StoredEvent[]> {
  const first = window.events[0]
  const end = window.read.at(-1)?.event.point
  const start = first === undefined ? end : deps.roomStates.pointBefore(first.event)
  const point = wantsStateAfter(answering) ? end : start
  const state = point === undefined ? [] : await deps.roomStates.fullAt(point)
  if (answering.lazy === undefined) return state
  const wanted: ReadonlySet<string> = sendersOf(window.events).add(answering.userId)
  return state.filter((event) => event.type !== MEMBER || wanted.has(event.stateKey))
}
