import type { LogReads, Topological } from '#log/reads.ts'
import { EventFlag, type EventEntry, type RoomKey } from '#log/types.ts'
import type { EventMatcher } from './filter.ts'

/** The part of a room's events that an answer shows. */
export interface TimelineWindow {
  readonly events: readonly EventEntry[]
  /** Older events that belong to the range were left out. */
  readonly limited: boolean
  /** Before the oldest event shown; undefined when nothing was read. */
  readonly prevBatch: Topological | undefined
  /** Everything that was read, oldest first: from some event before the window to the range's end. */
  readonly read: readonly EventEntry[]
  /** The range has nothing older than `read`. */
  readonly complete: boolean
}

/** Events read beyond the limit: their depths tell where `/messages` has to go on. */
const MARGIN = 8
/** Read at least so many when a filter will drop some. */
const SELECTIVE = 100
const MAX_ROUNDS = 5

const HIDDEN = EventFlag.rejected | EventFlag.softFailed | EventFlag.outlier

/** How many events to read for a window. */
export function readSize(matcher: EventMatcher, limit: number): number {
  return matcher.all ? limit + MARGIN : Math.max(limit + MARGIN, SELECTIVE)
}

/**
 * Cuts a window out of events that were read.
 * @param complete nothing in the range is older than what was read
 */
export function cutWindow(
  read: readonly EventEntry[],
  complete: boolean,
  matcher: EventMatcher,
  limit: number,
): TimelineWindow {
  const matching = read.filter(({ event }) => isShown(event.flags) && passes(matcher, event))
  const events = matching.slice(Math.max(0, matching.length - limit))
  return {
    events,
    limited: !complete || matching.length > events.length,
    prevBatch: placeBefore(read, events[0]),
    read,
    complete,
  }
}

/** The newest events of a range, as many as the filter wants where they can be found. */
export async function readWindow(
  reads: Pick<LogReads, 'roomTail'>,
  room: RoomKey,
  range: { readonly after: number; readonly upTo: number },
  matcher: EventMatcher,
  limit: number,
): Promise<TimelineWindow> {
  let read: EventEntry[] = []
  let { upTo } = range
  for (let round = 1; ; round++) {
    const size = readSize(matcher, limit)
    const page = await reads.roomTail(room, { after: range.after, upTo, limit: size })
    read = read.length === 0 ? page.events : [...page.events, ...read]
    const window = cutWindow(read, !page.limited, matcher, limit)
    const oldest = page.events[0]
    const enough = window.events.length >= limit || !page.limited || round >= MAX_ROUNDS
    if (enough || oldest === undefined) return window
    upTo = oldest.pos - 1
  }
}

/**
 * Where paging backwards goes on without missing an event: events are shown by position and paged by
 * depth, and after concurrent sends an older position can have a greater depth.
 */
function placeBefore(
  read: readonly EventEntry[],
  first: EventEntry | undefined,
): Topological | undefined {
  const last = read.at(-1)
  if (last === undefined) return undefined
  const pos = first?.pos ?? last.pos + 1
  const left = read.filter((entry) => entry.pos < pos).map(({ event }) => event.depth)
  return { depth: Math.max(first?.event.depth ?? 0, ...left), pos }
}

const isShown = (flags: number): boolean => (flags & HIDDEN) === 0

const passes = (matcher: EventMatcher, event: EventEntry['event']): boolean =>
  matcher.all || matcher.event(event)
