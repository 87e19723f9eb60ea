import type { EventEntry, RoomKey, StoredEvent } from '#log/types.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import type { StateKeyString } from '#matrix/events/pdu.ts'
import { isUserId, type UserId } from '#matrix/ids.ts'
import { pointAtEnd, pointAtStart, stateUnder } from './room-points.ts'
import { isLinear, lastPerKey } from './state-changes.ts'
import type { TimelineWindow } from './timeline-window.ts'
import { wantsStateAfter, type Answering, type SyncDeps } from './types.ts'

/** State by key. */
export type State = Map<StateKeyString, StoredEvent>

/** A room of which the whole state is wanted. */
export interface FreshRoom {
  readonly room: RoomKey
  readonly window: TimelineWindow
}

const MEMBER = 'm.room.member'

/** The current state of the rooms; under lazy loading without members. One statement. */
export async function currentStates(
  deps: Pick<SyncDeps, 'roomStates'>,
  answering: Answering,
  rooms: readonly RoomKey[],
): Promise<Map<RoomKey, State>> {
  const lazy = answering.lazy !== undefined
  const found = await deps.roomStates.currentOfMany(
    rooms,
    undefined,
    lazy ? { notTypes: [MEMBER] } : undefined,
  )
  return new Map(
    rooms.map((room) => {
      const events = found.get(room) ?? []
      return [room, stateMap(lazy ? events.filter(({ type }) => type !== MEMBER) : events)]
    }),
  )
}

/** Adds the member events of some users to the states of rooms. One statement. */
export async function addMembers(
  deps: Pick<SyncDeps, 'roomStates'>,
  states: ReadonlyMap<RoomKey, State>,
  wanted: ReadonlyMap<RoomKey, ReadonlySet<UserId>>,
): Promise<void> {
  const users = new Set(Array.from(wanted.values()).flatMap((ids) => [...ids]))
  const filter = Array.from(users, (userId) => ({ type: MEMBER, stateKey: userId }))
  const found = await deps.roomStates.currentOfMany([...wanted.keys()], filter)
  for (const [room, events] of found) {
    for (const event of events) {
      const ofRoom: ReadonlySet<string> | undefined = wanted.get(room)
      if (ofRoom?.has(event.stateKey) === true) states.get(room)?.set(keyOf(event), event)
    }
  }
}

/**
 * Turns current states into those that the answer wants, as of the start or the end of each timeline,
 * by taking back what happened since. One statement for all rooms, as long as their state has not
 * forked and nothing newer than the answer slipped in.
 */
export async function rewind(
  deps: Pick<SyncDeps, 'roomStates' | 'reads'>,
  answering: Answering,
  fresh: readonly FreshRoom[],
  states: Map<RoomKey, State>,
): Promise<void> {
  const taken = new Map<RoomKey, Map<StateKeyString, number | undefined>>()
  for (const { room, window } of fresh) {
    const state: State = states.get(room) ?? new Map<StateKeyString, StoredEvent>()
    const back = takeBack(state, window, answering)
    if (back === undefined) states.set(room, await readAt(deps, answering, { room, window }, state))
    else taken.set(room, back)
  }
  const positions = Array.from(taken.values()).flatMap((back) => [...back.values()])
  const wanted = positions.filter((pos) => pos !== undefined)
  const replaced =
    wanted.length === 0 ? new Map<number, StoredEvent>() : await deps.reads.eventsByPos(wanted)
  for (const [room, back] of taken) {
    const state = states.get(room)
    for (const [key, pos] of back) {
      const event = pos === undefined ? undefined : replaced.get(pos)
      if (event === undefined) state?.delete(key)
      else state?.set(key, event)
    }
  }
}

/** Which keys had which event before the timeline; undefined: the current state does not tell. */
function takeBack(
  state: State,
  window: TimelineWindow,
  answering: Answering,
): Map<StateKeyString, number | undefined> | undefined {
  for (const event of state.values()) {
    if (event.pos > answering.upTo) return undefined
  }
  const back = new Map<StateKeyString, number | undefined>()
  const first = window.events[0]
  if (wantsStateAfter(answering) || first === undefined) return back
  const since = window.read.filter((entry) => entry.pos >= first.pos)
  if (!isLinear(since)) return undefined
  const shown = lastPerKey(window.events.map(({ event }) => event))
  for (const { event, replaces } of since.reverse()) {
    if (event.stateKey === undefined) continue
    const key = keyOf(event)
    // what the timeline does not show, the client learns from the state alone
    if (state.has(key) && shown.get(key)?.pos === state.get(key)?.pos) back.set(key, replaces)
  }
  return back
}

/** The slow way: the state at the wanted point, with the same keys left out. */
async function readAt(
  deps: Pick<SyncDeps, 'roomStates'>,
  answering: Answering,
  { room, window }: FreshRoom,
  state: State,
): Promise<State> {
  const events = await wholeState(deps, answering, room, window)
  const wanted = (event: StoredEvent) =>
    answering.lazy === undefined || event.type !== MEMBER || state.has(keyOf(event))
  return stateMap(events.filter(wanted))
}

/** The whole state as of the timeline's start or end, whatever became of the room meanwhile. */
export async function wholeState(
  deps: Pick<SyncDeps, 'roomStates'>,
  answering: Answering,
  room: RoomKey,
  window: TimelineWindow,
): Promise<StoredEvent[]> {
  const { roomStates } = deps
  const end = await pointAtEnd(deps, room, window, answering.upTo)
  const after = end === undefined ? [] : await roomStates.fullAt(end)
  if (wantsStateAfter(answering)) return after
  const start = await pointAtStart(deps, room, window)
  const before = start === undefined ? [] : await roomStates.fullAt(start)
  return stateUnder(window.events, before, after)
}

const keyOf = (event: StoredEvent): StateKeyString =>
  stateKeyString(event.type, event.stateKey ?? '')

function stateMap(events: Iterable<StoredEvent>): State {
  return new Map(Array.from(events, (event) => [keyOf(event), event]))
}

/** The member event of whoever sent something in a timeline. */
export function sendersOf(events: readonly EventEntry[]): Set<UserId> {
  return new Set(events.map(({ event }) => event.senderId))
}

/** Whose membership changes in a timeline. */
export function membersIn(events: readonly EventEntry[]): Set<UserId> {
  const users = new Set<UserId>()
  for (const { event } of events) {
    const { type, stateKey } = event
    if (type === MEMBER && stateKey !== undefined && isUserId(stateKey)) users.add(stateKey)
  }
  return users
}
