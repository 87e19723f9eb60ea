import type { StoredEvent } from '#log/types.ts'
import { placeAfter, placeBefore, type PagePlace } from './page-place.ts'

/** Where a page's events come from. */
export interface PageSource {
  /** Events in the page's direction from a place on; undefined: from that end of the room. */
  read(place: PagePlace | undefined, limit: number): Promise<readonly StoredEvent[]>
  /** Those that belong on the page. */
  shown(events: readonly StoredEvent[]): Promise<ReadonlySet<StoredEvent>>
  /** True for an event behind the last one that was asked for. */
  isPastEnd(event: StoredEvent): boolean
}

/** What was collected for a page. */
export interface CollectedPage {
  readonly events: readonly StoredEvent[]
  readonly first: StoredEvent | undefined
  /** Where to go on; undefined: nothing is left. */
  readonly next: PagePlace | undefined
  /** Behind everything that was looked at. */
  readonly reached: PagePlace | undefined
}

/** Events read at once when many are left out. */
const SPARSE_READ = 100
/** Reads for one page; then the client gets what was found and a token to go on. */
const MAX_READS = 10

/**
 * Collects up to `limit` events. Where to go on is known whether or not anything was shown, so that a
 * page without events does not end the history.
 * @param sparse many events will be left out, so that it pays to read more than asked for
 */
export async function collectPage(
  source: PageSource,
  from: PagePlace | undefined,
  { dir, limit, sparse }: { dir: 'b' | 'f'; limit: number; sparse: boolean },
): Promise<CollectedPage> {
  const events: StoredEvent[] = []
  let first: StoredEvent | undefined
  let next = from
  if (limit === 0) return { events, first, next, reached: next }
  for (let reads = 0; reads < MAX_READS; reads++) {
    // one more than needed tells whether there is more
    const size = !sparse && reads === 0 ? limit + 1 : Math.max(limit, SPARSE_READ) + 1
    const page = await source.read(next, size)
    const shown = await source.shown(page)
    first ??= page[0]
    for (const [index, event] of page.entries()) {
      if (source.isPastEnd(event)) return { events, first, next: undefined, reached: next }
      next = dir === 'b' ? placeBefore(event) : placeAfter(event)
      if (shown.has(event)) events.push(event)
      if (events.length === limit) {
        const more = page.length === size || index < page.length - 1
        return { events, first, next: more ? next : undefined, reached: next }
      }
    }
    if (page.length < size) return { events, first, next: undefined, reached: next }
  }
  return { events, first, next, reached: next }
}
