import { encodePageToken } from '#log/index.ts'
import type { RoomInfo, StoredEvent } from '#log/types.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { RoomEventFilter } from '#services/filters/index.ts'
import { eventTest } from './event-filter.ts'
import { historyPage, type HistoryPageDeps } from './history-page.ts'
import { placeAfter, placeBefore } from './page-place.ts'
import { EVERYTHING } from './page-range.ts'
import type { ClientEvents, Viewer } from './types.ts'

/** A request for what happened around an event that the viewer may see. */
export interface ContextRequest {
  readonly room: RoomInfo
  readonly event: StoredEvent
  readonly viewer: Viewer
  /** Of the events before and after together; 0 or more. */
  readonly limit: number
  readonly filter: RoomEventFilter
}

/** An event and its surroundings; events are JSON texts. */
export interface EventContext {
  readonly start: string
  readonly end: string
  /** Newest first. */
  readonly eventsBefore: readonly string[]
  readonly event: string
  readonly eventsAfter: readonly string[]
  /** As of the last event shown. */
  readonly state: readonly string[]
}

export interface ContextDeps extends HistoryPageDeps {
  readonly roomStates: Pick<RoomStates, 'fullAt'>
  readonly clientEvents: ClientEvents
}

const MEMBER = 'm.room.member'

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidcontexteventid */
export async function eventContext(
  request: ContextRequest,
  deps: ContextDeps,
): Promise<EventContext> {
  const { event, viewer, limit } = request
  const before = Math.floor(limit / 2)
  const [older, newer] = await Promise.all([
    historyPage(
      { ...request, dir: 'b', limit: before },
      { ...EVERYTHING, from: placeBefore(event) },
      deps,
    ),
    historyPage(
      { ...request, dir: 'f', limit: limit - before },
      { ...EVERYTHING, from: placeAfter(event) },
      deps,
    ),
  ])
  const events = [...older.events, event, ...newer.events]
  const [texts, state] = await Promise.all([
    deps.clientEvents.serializeEvents(events, viewer, { roomId: true }),
    stateOf(request, events, deps),
  ])
  const at = older.events.length
  return {
    start: encodePageToken(older.reached ?? placeBefore(event)),
    end: encodePageToken(newer.reached ?? placeAfter(event)),
    eventsBefore: texts.slice(0, at),
    event: texts[at] ?? '',
    eventsAfter: texts.slice(at + 1),
    state,
  }
}

/** @param events those shown, the last one last */
async function stateOf(
  { room, viewer, filter }: ContextRequest,
  events: readonly StoredEvent[],
  { roomStates, clientEvents }: ContextDeps,
): Promise<string[]> {
  const point = events.at(-1)?.point
  if (point === undefined) return []
  const senders: ReadonlySet<string> = new Set(events.map(({ senderId }) => senderId))
  const isNeeded = ({ type, stateKey }: StoredEvent): boolean =>
    filter.lazy_load_members !== true || type !== MEMBER || senders.has(stateKey ?? '')
  const passes = eventTest(filter, room)
  const state = await roomStates.fullAt(point)
  const wanted = state.filter((event) => isNeeded(event) && passes?.(event) !== false)
  return await clientEvents.serializeEvents(wanted, viewer, {
    roomId: true,
    membership: false,
    prevContent: false,
  })
}
