import { encodePageToken } from '#log/index.ts'
import type { LogReads } from '#log/reads.ts'
import type { StoredEvent } from '#log/types.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { RoomEventFilter } from '#services/filters/index.ts'
import type { RoomAccess, Visibility } from '#services/visibility/index.ts'
import { historyPage } from './history-page.ts'
import { pageRange, startToken, type PageRange, type PageRangeDeps } from './page-range.ts'
import { comparePlaces, placeAfter, type PagePlace } from './page-place.ts'
import type { ClientEvents, Viewer } from './types.ts'

/** A request for a page of a room's history. */
export interface MessagesRequest {
  readonly access: RoomAccess
  readonly viewer: Viewer
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly dir: 'b' | 'f'
  /** At least 1 */
  readonly limit: number
  readonly filter: RoomEventFilter
}

/** A page; events are JSON texts. */
export interface MessagesPage {
  readonly start: string
  /** Absent when nothing more can come. */
  readonly end: string | undefined
  readonly chunk: readonly string[]
  /** Member events of the senders, when lazy loading was asked for. */
  readonly state: readonly string[] | undefined
}

export interface MessagesDeps extends PageRangeDeps {
  readonly reads: LogReads
  readonly roomStates: RoomStates
  readonly visibility: Visibility
  readonly clientEvents: ClientEvents
}

/**
 * Pages through a room's history in topological order, showing what the viewer may see.
 * https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidmessages
 * @throws {MatrixError} 400 for a bad token
 */
export async function messages(
  request: MessagesRequest,
  deps: MessagesDeps,
): Promise<MessagesPage> {
  const { access, viewer, dir, filter } = request
  const asked = await pageRange(access.room.key, request, deps)
  const range = await limitToMembership(asked, request, deps)
  const { events, first, next } = await historyPage({ ...request, room: access.room }, range, deps)
  const options = { roomId: true }
  const senders = filter.lazy_load_members === true ? await senderMembers(events, deps) : undefined
  return {
    start: startToken(request.from, range, first, dir),
    end: next && encodePageToken(next),
    chunk: await deps.clientEvents.serializeEvents(events, viewer, options),
    state:
      senders &&
      (await deps.clientEvents.serializeEvents(senders, viewer, {
        ...options,
        membership: false,
        prevContent: false,
      })),
  }
}

/** For those who left, history ends with their leave. */
async function limitToMembership(
  range: PageRange,
  { access, dir }: MessagesRequest,
  { timelineReads }: MessagesDeps,
): Promise<PageRange> {
  if (access.kind !== 'left') return range
  const last = await timelineReads.lastUpTo(access.room.key, access.pos)
  if (last === undefined) return range
  const end = placeAfter(last)
  const upTo = Math.min(range.upTo, access.pos)
  return dir === 'b'
    ? { ...range, from: earlier(range.from, end), upTo }
    : { ...range, to: earlier(range.to, end), upTo }
}

const earlier = (place: PagePlace | undefined, end: PagePlace): PagePlace =>
  place !== undefined && comparePlaces(place, end) < 0 ? place : end

/** Member events of the senders as of the page's newest event. */
async function senderMembers(
  events: readonly StoredEvent[],
  { roomStates }: MessagesDeps,
): Promise<StoredEvent[]> {
  const newest = events.reduce<StoredEvent | undefined>(
    (best, event) => (best === undefined || event.pos > best.pos ? event : best),
    undefined,
  )
  const point = newest?.point
  if (point === undefined) return []
  const senders = [...new Set(events.map((event) => event.senderId))]
  const members = await Promise.all(
    senders.map((sender) => roomStates.at(point, 'm.room.member', sender)),
  )
  return members.filter((member) => member !== undefined)
}
