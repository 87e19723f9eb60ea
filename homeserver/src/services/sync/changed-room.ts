import { encodePageToken } from '#log/positions/page-token.ts'
import { changedState } from './changed-state.ts'
import type { EventJson } from './event-json.ts'
import type { EventMatcher } from './filter.ts'
import { membersOfSenders } from './lazy-state.ts'
import { accountDataJson, ephemeralJson } from './room-extras.ts'
import type { JoinedParts } from './room-json.ts'
import { isMemberChange } from './state-changes.ts'
import { summaryJson, type Summaries, type Summary } from './summary.ts'
import { filterState, rememberMembers, type Target } from './target.ts'
import { readWindow, type TimelineWindow } from './timeline-window.ts'
import type { Answering, SyncDeps } from './types.ts'
import { visibleWindow } from './visible-window.ts'

/** What the sections of joined rooms are made with. */
export interface SectionDeps extends SyncDeps {
  readonly json: EventJson
  readonly summaries: Summaries
}

/** A joined room without its unread counts, which are read for all rooms at once. */
export interface JoinedSection {
  readonly target: Target
  readonly parts: Omit<JoinedParts, 'unread' | 'threadCounts'>
}

const EMPTY: TimelineWindow = {
  events: [],
  limited: false,
  prevBatch: undefined,
  read: [],
  complete: true,
}

const NOTHING: EventMatcher = {
  all: false,
  type: () => false,
  event: () => false,
  room: () => false,
}

/**
 * The matcher for a room's timeline. What somebody sends whom the user ignores does not pass, unless
 * it is state.
 * https://spec.matrix.org/v1.19/client-server-api/#ignoring-users
 */
export function timelineMatcher(
  { filter: { timeline }, ignored }: Answering,
  target: Pick<Target, 'roomId'>,
): EventMatcher {
  if (!timeline.room(target.roomId)) return NOTHING
  if (ignored.size === 0) return timeline
  return {
    ...timeline,
    all: false,
    event: (event) =>
      (timeline.all || timeline.event(event)) &&
      (event.stateKey !== undefined || !ignored.has(event.senderId)),
  }
}

/**
 * What is new in a room of which the user was a member before; undefined when that is nothing, under
 * the request's filter.
 */
export async function changedRoom(
  deps: SectionDeps,
  answering: Answering,
  target: Target,
): Promise<JoinedSection | undefined> {
  const window = target.news.events ? await timelineOf(deps, answering, target) : EMPTY
  const changes = target.news.events ? await changedState(deps, answering, target.room, window) : []
  const summary = isMemberChange([...window.read.map(({ event }) => event), ...changes])
    ? await deps.summaries.of(target.room, answering.user)
    : undefined
  const members = await lazyMembers(deps, answering, target, window, summary)
  const state = filterState(answering, target, new Set([...changes, ...members]))
  const ephemeral = await ephemeralJson(deps, answering, target)
  const accountData = accountDataJson(answering, target, false)
  const countsMoved = target.news.receipts.some(({ user }) => user === answering.user)
  const lists = [window.events, state, ephemeral, accountData]
  if (lists.every((list) => list.length === 0) && summary === undefined && !countsMoved) {
    return undefined
  }
  rememberMembers(answering, target, [...state, ...window.events.map(({ event }) => event)])
  return {
    target,
    parts: {
      timeline: await deps.json.timeline(
        window.events,
        answering.viewer,
        target.row.pos,
        answering.filter,
        window.limited,
      ),
      limited: window.limited,
      prevBatch: window.prevBatch && encodePageToken(window.prevBatch),
      stateField: answering.stateField,
      state: await deps.json.state(state, answering.viewer, answering.filter),
      ephemeral: ephemeral.join(','),
      accountData: accountData.join(','),
      summary: summary && (await summaryText(deps, summary)),
    },
  }
}

async function timelineOf(
  deps: SectionDeps,
  answering: Answering,
  target: Target,
): Promise<TimelineWindow> {
  const matcher = timelineMatcher(answering, target)
  const range = { after: answering.since, upTo: answering.upTo }
  const limit = answering.filter.timelineLimit
  const window = await readWindow(deps.reads, target.room, range, matcher, limit)
  return await visibleWindow(deps, answering.user, target.row, window)
}

async function lazyMembers(
  deps: SectionDeps,
  answering: Answering,
  target: Target,
  window: TimelineWindow,
  summary: Summary | undefined,
) {
  if (answering.lazy === undefined) return []
  const heroes = await heroIds(deps, summary)
  return await membersOfSenders(deps, answering, target.room, window, heroes)
}

async function heroIds(deps: SectionDeps, summary: Summary | undefined) {
  const keys = summary?.heroes?.map(({ user }) => user) ?? []
  if (keys.length === 0) return []
  const users = await deps.dictionary.usersByKey(keys)
  return Array.from(users.values(), ({ userId }) => userId)
}

async function summaryText(deps: SectionDeps, summary: Summary): Promise<string> {
  const users = await deps.dictionary.usersByKey(summary.heroes?.map(({ user }) => user) ?? [])
  return summaryJson(summary, new Map(Array.from(users, ([key, { userId }]) => [key, userId])))
}
