import { setImmediate } from 'node:timers/promises'
import { encodePageToken } from '#log/positions/page-token.ts'
import type { EventEntry, RoomKey, StoredEvent, UserKey } from '#log/types.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import type { UserId } from '#matrix/ids.ts'
import { timelineMatcher, type JoinedSection, type SectionDeps } from './changed-room.ts'
import {
  addMembers,
  currentStates,
  membersIn,
  rewind,
  sendersOf,
  type State,
} from './full-state.ts'
import { accountDataJson, ephemeralJson } from './room-extras.ts'
import { isNamed, summaryJson, type Summary } from './summary.ts'
import { filterState, rememberMembers, type Target } from './target.ts'
import { cutWindow, readSize, readWindow, type TimelineWindow } from './timeline-window.ts'
import { wantsStateAfter, type Answering } from './types.ts'
import { isOpenHistory, visibleWindows } from './visible-window.ts'

const NAME = stateKeyString('m.room.name', '')
const ALIAS = stateKeyString('m.room.canonical_alias', '')
const VISIBILITY = stateKeyString('m.room.history_visibility', '')

/** So many rooms are worked on without a pause, in which others are answered. */
const ROOMS_AT_ONCE = 128

/**
 * Joined rooms with their whole state: all of them in a first sync, later those that the user just
 * joined. Takes a fixed number of statements for each {@link ROOMS_AT_ONCE}.
 * @param after the timelines begin after this position
 * @param newlyJoined the client may have older events of the rooms, from which a gap separates these
 */
export async function freshRooms(
  deps: SectionDeps,
  answering: Answering,
  targets: readonly Target[],
  since: Since,
): Promise<JoinedSection[]> {
  const sections: JoinedSection[] = []
  for (let start = 0; start < targets.length; start += ROOMS_AT_ONCE) {
    if (start > 0) await setImmediate()
    const some = targets.slice(start, start + ROOMS_AT_ONCE)
    sections.push(...(await someRooms(deps, answering, some, since)))
  }
  return sections
}

interface Since {
  readonly after: number
  readonly newlyJoined: boolean
}

async function someRooms(
  deps: SectionDeps,
  answering: Answering,
  targets: readonly Target[],
  { after, newlyJoined }: Since,
): Promise<JoinedSection[]> {
  const rooms = targets.map(({ room }) => room)
  const [found, states] = await Promise.all([
    readWindows(deps, answering, targets, after),
    currentStates(deps, answering, rooms),
    // remembered for the timelines, each of which asks for its own room
    deps.roomStates.firstOfKey(targets.map(({ row }) => row.pos)),
  ])
  const windows = await visibleOf(deps, answering, targets, found, states)
  const named = new Set(rooms.filter((room) => isNamedRoom(states.get(room))))
  const summaries = await deps.summaries.ofMany(rooms, named, answering.user)
  const userIds = await heroIds(deps, summaries.values())
  if (answering.lazy !== undefined) {
    for (const room of rooms) answering.lazy.restart(room)
    await addMembers(deps, states, wantedMembers(answering, windows, summaries, userIds))
  }
  const fresh = rooms.map((room) => ({ room, window: windows.get(room) ?? EMPTY }))
  await rewind(deps, answering, fresh, states)
  return await Promise.all(
    targets.map((target) => {
      const window = windows.get(target.room) ?? EMPTY
      const summary = summaries.get(target.room)
      return section(deps, answering, target, {
        window: newlyJoined ? { ...window, limited: true } : window,
        state: states.get(target.room)?.values() ?? [],
        summary: summary && summaryJson(summary, userIds),
      })
    }),
  )
}

const EMPTY: TimelineWindow = {
  events: [],
  limited: false,
  prevBatch: undefined,
  read: [],
  complete: true,
}

async function section(
  deps: SectionDeps,
  answering: Answering,
  target: Target,
  made: {
    readonly window: TimelineWindow
    readonly state: Iterable<StoredEvent>
    readonly summary: string | undefined
  },
): Promise<JoinedSection> {
  const { window } = made
  const state = filterState(answering, target, made.state)
  rememberMembers(answering, target, [...state, ...window.events.map(({ event }) => event)])
  const ephemeral = await ephemeralJson(deps, answering, target)
  const { viewer, filter } = answering
  return {
    target,
    parts: {
      timeline: await deps.json.timeline(
        window.events,
        viewer,
        target.row.pos,
        filter,
        window.limited,
      ),
      limited: window.limited,
      prevBatch: window.prevBatch && encodePageToken(window.prevBatch),
      stateField: answering.stateField,
      state: await deps.json.state(state, viewer, filter),
      ephemeral: ephemeral.join(','),
      accountData: accountDataJson(answering, target, true).join(','),
      summary: made.summary,
    },
  }
}

async function readWindows(
  deps: SectionDeps,
  answering: Answering,
  targets: readonly Target[],
  after: number,
): Promise<Map<RoomKey, TimelineWindow>> {
  const { timeline, timelineLimit: limit } = answering.filter
  const size = readSize(timeline, limit)
  const { upTo } = answering
  const rooms = targets.map(({ room }) => room)
  const tails = await deps.reads.roomTails(rooms, { upTo, limit: size })
  const windows = targets.map(async (target): Promise<[RoomKey, TimelineWindow]> => {
    const tail: readonly EventEntry[] = tails.get(target.room) ?? []
    const read = tail.filter(({ pos }) => pos > after)
    const matcher = timelineMatcher(answering, target)
    const complete = tail.length < size || read.length < tail.length
    const window = cutWindow(read, complete, matcher, limit)
    const isShort = window.events.length < limit && !complete && timeline.room(target.roomId)
    return [
      target.room,
      isShort ? await readWindow(deps.reads, target.room, { after, upTo }, matcher, limit) : window,
    ]
  })
  return new Map(await Promise.all(windows))
}

async function visibleOf(
  deps: SectionDeps,
  answering: Answering,
  targets: readonly Target[],
  windows: ReadonlyMap<RoomKey, TimelineWindow>,
  states: ReadonlyMap<RoomKey, State>,
): Promise<Map<RoomKey, TimelineWindow>> {
  const rooms = targets.map(({ room, row }) => {
    const window = windows.get(room) ?? EMPTY
    const current = states.get(room)?.get(VISIBILITY)
    return { row, window, openHistory: isOpenHistory(window.read, current) }
  })
  const visible = await visibleWindows(deps, answering.user, rooms)
  return new Map(targets.map(({ room }, index) => [room, visible[index] ?? EMPTY]))
}

function isNamedRoom(state: State | undefined): boolean {
  return isNamed([state?.get(NAME), state?.get(ALIAS)])
}

async function heroIds(
  deps: SectionDeps,
  summaries: Iterable<Summary>,
): Promise<Map<UserKey, UserId>> {
  const keys = Array.from(summaries).flatMap(({ heroes = [] }) => heroes.map(({ user }) => user))
  if (keys.length === 0) return new Map()
  const users = await deps.dictionary.usersByKey([...new Set(keys)])
  return new Map(Array.from(users, ([key, { userId }]) => [key, userId]))
}

/**
 * Under lazy loading a room's state has the members that its timeline and name need, and oneself.
 * In `state_after` also whom the timeline's own changes are about: the client takes no state from it.
 */
function wantedMembers(
  answering: Answering,
  windows: ReadonlyMap<RoomKey, TimelineWindow>,
  summaries: ReadonlyMap<RoomKey, Summary>,
  userIds: ReadonlyMap<UserKey, UserId>,
): Map<RoomKey, Set<UserId>> {
  return new Map(
    Array.from(windows, ([room, window]) => {
      const heroes = summaries.get(room)?.heroes ?? []
      const ids = heroes.map(({ user }) => userIds.get(user)).filter((id) => id !== undefined)
      const changed = wantsStateAfter(answering) ? membersIn(window.events) : []
      return [room, new Set([...sendersOf(window.events), ...changed, ...ids, answering.userId])]
    }),
  )
}
