import { encodePageToken } from '#log/positions/page-token.ts'
import type { EventEntry, RoomKey, StoredEvent } from '#log/types.ts'
import { participation } from '#services/visibility/index.ts'
import { timelineMatcher, type SectionDeps } from './changed-room.ts'
import { changedState } from './changed-state.ts'
import { sendersOf, wholeState } from './full-state.ts'
import { membershipAt } from './membership-at.ts'
import { accountDataJson } from './room-extras.ts'
import { leftRoomJson } from './room-json.ts'
import { filterState, MEMBER, type Target } from './target.ts'
import { cutWindow, readWindow, type TimelineWindow } from './timeline-window.ts'
import { wantsStateAfter, type Answering } from './types.ts'
import { visibleWindow } from './visible-window.ts'

/**
 * A room that the user left, was removed from, or whose invitation is gone: the timeline up to that
 * event. Who had not joined it before gets that event alone. Who was removed and then banned gets
 * what happened until the removal, and the ban.
 */
export async function leftRoom(
  deps: SectionDeps,
  current: Answering,
  target: Target,
): Promise<string> {
  const { row } = target
  const leave = await leaveEvent(deps, current, target)
  const end = await endOfJoin(deps, current, target)
  const { window, state } =
    end === undefined
      ? await onlyLeave(deps, { ...current, upTo: row.pos }, target, leave)
      : withLater(
          await lastNews(deps, { ...current, upTo: end }, target),
          end < row.pos ? leave : undefined,
          current,
        )
  const { viewer, filter } = current
  return leftRoomJson({
    timeline: await deps.json.timeline(window.events, viewer, undefined, filter, window.limited),
    limited: window.limited,
    prevBatch: window.prevBatch && encodePageToken(window.prevBatch),
    stateField: current.stateField,
    state: await deps.json.state(filterState(current, target, state), viewer, filter),
    accountData: accountDataJson({ ...current, upTo: row.pos }, target, current.initial).join(','),
  })
}

/** Where the user's last time in the room ended, when the device has not been told of it yet. */
async function endOfJoin(
  deps: SectionDeps,
  { user, userId, since }: Answering,
  { room, row }: Target,
): Promise<number | undefined> {
  const last = await participation(room, { key: user, userId }, deps.roomStates)
  if (last.kind !== 'left') return undefined
  const member = await deps.roomStates.currentOf(room, MEMBER, userId)
  // the last change may have come late, or by branches that joined: the log tells it elsewhere
  const pos = member?.pos === last.end.pos ? row.pos : last.end.pos
  return pos > since ? pos : undefined
}

/** Adds what became of the user after the end of the window. */
function withLater(
  news: LeftState,
  later: EventEntry | undefined,
  answering: Answering,
): LeftState {
  if (later === undefined) return news
  const { window, state } = news
  return {
    window: { ...window, events: [...window.events, later] },
    state: wantsStateAfter(answering)
      ? [...state.filter((event) => !isSameKey(event, later.event)), later.event]
      : state,
  }
}

function isSameKey(one: StoredEvent, other: StoredEvent): boolean {
  return one.type === other.type && one.stateKey === other.stateKey
}

/** Undefined where no event of its own took the user out of the room, but branches that joined. */
async function leaveEvent(
  deps: SectionDeps,
  { userId }: Answering,
  target: Target,
): Promise<EventEntry | undefined> {
  const { pos } = target.row
  const range = { after: pos - 1, upTo: pos, limit: 1 }
  const [entry] = (await deps.reads.roomTail(target.room, range)).events
  return entry?.event.type === MEMBER && entry.event.stateKey === userId ? entry : undefined
}

interface LeftState {
  readonly window: TimelineWindow
  readonly state: readonly StoredEvent[]
}

async function onlyLeave(
  deps: SectionDeps,
  answering: Answering,
  target: Target,
  leave: EventEntry | undefined,
): Promise<LeftState> {
  const read = leave === undefined ? [] : [leave]
  const window = cutWindow(read, true, timelineMatcher(answering, target), 1)
  const member =
    leave?.event ?? (await deps.roomStates.currentOf(target.room, MEMBER, answering.userId))
  const inState = member !== undefined && (leave === undefined || wantsStateAfter(answering))
  const state = inState ? [member] : []
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
  const state = await stateUpTo(deps, answering, room, window)
  return { window: answering.initial ? window : { ...window, limited: true }, state }
}

async function stateUpTo(
  deps: SectionDeps,
  answering: Answering,
  room: RoomKey,
  window: TimelineWindow,
): Promise<StoredEvent[]> {
  const state = await wholeState(deps, answering, room, window)
  if (answering.lazy === undefined) return state
  const wanted: ReadonlySet<string> = sendersOf(window.events).add(answering.userId)
  return state.filter((event) => event.type !== MEMBER || wanted.has(event.stateKey ?? ''))
}
