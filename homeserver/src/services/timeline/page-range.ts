import { encodePageToken, parsePageToken, type SyncTokens } from '#log/index.ts'
import type { TimelineReads } from '#log/reads-timeline.ts'
import type { RoomKey, StoredEvent } from '#log/types.ts'
import { invalidParam } from '#matrix/errors.ts'
import { comparePlaces, placeAfter, type PagePlace } from './page-place.ts'

/** What part of a room's history a request is about. */
export interface PageRange {
  /** Where to begin; undefined: at the end that the direction leads away from. */
  readonly from: PagePlace | undefined
  /** Where to stop at the latest. */
  readonly to: PagePlace | undefined
  /** Only positions in `(after, upTo]`: a sync token is a place in the log, not in the room's order. */
  readonly after: number
  readonly upTo: number
}

/** All of a room. */
export const EVERYTHING: PageRange = {
  from: undefined,
  to: undefined,
  after: -Infinity,
  upTo: Infinity,
}

export interface PageRangeDeps {
  readonly timelineReads: TimelineReads
  readonly tokens: Pick<SyncTokens, 'resolve'>
}

/**
 * Turns the tokens of a request into places. Both kinds are accepted: those of `/messages`, which are
 * places in the room's topological order, and those of `/sync`, which are positions. A `to` of another
 * history is nowhere in this room, so paging goes on to the end: the specification knows no error for it,
 * and too many events do less harm than none.
 * @throws {MatrixError} 400 `M_INVALID_PARAM` for anything else
 */
export async function pageRange(
  room: RoomKey,
  request: { from?: string | undefined; to?: string | undefined; dir: 'b' | 'f' },
  deps: PageRangeDeps,
): Promise<PageRange> {
  const { dir } = request
  const from = await tokenPlace(request.from, deps.tokens)
  const to = request.to === undefined ? undefined : await knownPlace(request.to, deps.tokens)
  const older = dir === 'b' ? to : from
  const newer = dir === 'b' ? from : to
  return {
    from: typeof from === 'number' ? await placeOf(room, from, dir, deps) : from,
    to: typeof to === 'number' ? await placeOf(room, to, dir === 'b' ? 'f' : 'b', deps) : to,
    after: typeof older === 'number' ? older : -Infinity,
    upTo: typeof newer === 'number' ? newer : Infinity,
  }
}

/**
 * What a token of either kind means: a place in the room's order, or a position in the log.
 * @throws {MatrixError} 400 `M_INVALID_PARAM` for anything else
 */
export async function tokenPlace(
  token: string | undefined,
  tokens: Pick<SyncTokens, 'resolve'>,
): Promise<PagePlace | number | undefined> {
  if (token === undefined) return undefined
  const place = await knownPlace(token, tokens)
  if (place === undefined) throw invalidParam('The token is of another history of this server.')
  return place
}

/** Undefined for a sync token of another history. */
async function knownPlace(
  token: string,
  tokens: Pick<SyncTokens, 'resolve'>,
): Promise<PagePlace | number | undefined> {
  if (token.startsWith('t')) return parsePageToken(token)
  return (await tokens.resolve(token))?.pos
}

/**
 * After concurrent sends the order of positions and that of depths differ. Going backwards from a
 * position begins behind the last event that was there, going forwards at the first that was not,
 * so that no event is left out.
 */
async function placeOf(
  room: RoomKey,
  pos: number,
  dir: 'b' | 'f',
  { timelineReads }: PageRangeDeps,
): Promise<PagePlace> {
  if (dir === 'b') {
    const last = await timelineReads.lastUpTo(room, pos)
    return last === undefined ? { depth: 0, pos: 0 } : placeAfter(last)
  }
  const first = await timelineReads.firstAfter(room, pos)
  return first ?? { depth: Number.MAX_SAFE_INTEGER, pos }
}

/** True when the event lies behind the range's end. */
export function isPastEnd(event: StoredEvent, { to }: PageRange, dir: 'b' | 'f'): boolean {
  if (to === undefined) return false
  return dir === 'b' ? comparePlaces(event, to) < 0 : comparePlaces(event, to) >= 0
}

/** Those of the events that have their place in the log within the range. */
export async function inRange(
  events: readonly StoredEvent[],
  { after, upTo }: PageRange,
  timelineReads: Pick<TimelineReads, 'placesOfLate'>,
): Promise<readonly StoredEvent[]> {
  if (after === -Infinity && upTo === Infinity) return events
  const places = await timelineReads.placesOfLate(events.map(({ pos }) => pos))
  return events.filter(({ pos }) => {
    const place = places.get(pos) ?? pos
    return place > after && place <= upTo
  })
}

/** The token that a page starts with: what was asked for, or the place it really began at. */
export function startToken(
  asked: string | undefined,
  range: PageRange,
  first: StoredEvent | undefined,
  dir: 'b' | 'f',
): string {
  if (asked !== undefined) return asked
  if (range.from !== undefined) return encodePageToken(range.from)
  if (first === undefined) return encodePageToken({ depth: 0, pos: 0 })
  return encodePageToken(dir === 'b' ? placeAfter(first) : first)
}
