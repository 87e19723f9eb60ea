import { encodePageToken } from '#log/index.ts'
import type { LogReads } from '#log/reads.ts'
import type { StoredEvent } from '#log/types.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { RoomEventFilter } from '#services/filters/index.ts'
import type { RoomAccess, Visibility } from '#services/visibility/index.ts'
import { eventTest, type EventTest } from './event-filter.ts'
import {
  isInRange,
  isPastEnd,
  pageRange,
  startToken,
  type PageRange,
  type PageRangeDeps,
} from './page-range.ts'
import { comparePlaces, placeAfter, placeBefore, type PagePlace } from './page-place.ts'
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

/** Events read at once when a filter or the visibility leaves many out. */
const SPARSE_READ = 100
/** Reads for one page; then the client gets what was found and a token to go on. */
const MAX_READS = 10

/** What was picked for a page. */
interface Picked {
  readonly events: readonly StoredEvent[]
  readonly first: StoredEvent | undefined
  /** Where to go on; undefined: nothing is left. */
  readonly next: PagePlace | undefined
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
  const { events, first, next } = await pick(request, range, deps)
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

async function pick(
  request: MessagesRequest,
  range: PageRange,
  deps: MessagesDeps,
): Promise<Picked> {
  const { access, dir, limit, filter } = request
  const passes = eventTest(filter, access.room)
  const events: StoredEvent[] = []
  let first: StoredEvent | undefined
  let next = range.from
  for (let reads = 0; reads < MAX_READS; reads++) {
    // one more than needed tells whether there is more
    const size = passes === undefined && reads === 0 ? limit + 1 : Math.max(limit, SPARSE_READ) + 1
    const page = await readPage(request, next, size, deps)
    const shown = await shownOf(page, request, range, passes, deps)
    first ??= page[0]
    for (const [index, event] of page.entries()) {
      if (isPastEnd(event, range, dir)) return { events, first, next: undefined }
      next = dir === 'b' ? placeBefore(event) : placeAfter(event)
      if (shown.has(event)) events.push(event)
      if (events.length === limit) {
        const more = page.length === size || index < page.length - 1
        return { events, first, next: more ? next : undefined }
      }
    }
    if (page.length < size) return { events, first, next: undefined }
  }
  return { events, first, next }
}

/** The log's page is exclusive at its start, a place lies before the event of that name. */
async function readPage(
  { access, dir }: MessagesRequest,
  place: PagePlace | undefined,
  limit: number,
  { reads }: MessagesDeps,
): Promise<StoredEvent[]> {
  const from =
    dir === 'b' || place === undefined ? place : { depth: place.depth, pos: place.pos - 1 }
  return await reads.page(access.room.key, { from, dir, limit })
}

async function shownOf(
  page: readonly StoredEvent[],
  { viewer }: MessagesRequest,
  range: PageRange,
  passes: EventTest | undefined,
  { visibility }: MessagesDeps,
): Promise<ReadonlySet<StoredEvent>> {
  const wanted = page.filter((event) => isInRange(event, range) && passes?.(event) !== false)
  const visible = await visibility.canSee(viewer.user, wanted)
  return new Set(wanted.filter((_event, index) => visible[index]))
}

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
