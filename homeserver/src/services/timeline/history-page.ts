import type { LogReads } from '#log/reads.ts'
import type { TimelineReads } from '#log/reads-timeline.ts'
import type { RoomInfo, StoredEvent } from '#log/types.ts'
import type { RoomEventFilter } from '#services/filters/index.ts'
import type { Visibility } from '#services/visibility/index.ts'
import { collectPage, type CollectedPage } from './collect-page.ts'
import { eventTest } from './event-filter.ts'
import type { PagePlace } from './page-place.ts'
import { inRange, isPastEnd, type PageRange } from './page-range.ts'
import type { Viewer } from './types.ts'

export interface HistoryPageDeps {
  readonly reads: Pick<LogReads, 'page'>
  readonly timelineReads: Pick<TimelineReads, 'placesOfLate'>
  readonly visibility: Visibility
}

/** Events of a room's history that the viewer may see, in topological order. */
export async function historyPage(
  request: {
    readonly room: RoomInfo
    readonly viewer: Viewer
    readonly dir: 'b' | 'f'
    readonly limit: number
    readonly filter: RoomEventFilter
  },
  range: PageRange,
  { reads, timelineReads, visibility }: HistoryPageDeps,
): Promise<CollectedPage> {
  const { room, viewer, dir, limit, filter } = request
  const passes = eventTest(filter, room)
  const source = {
    read: (place: PagePlace | undefined, size: number) =>
      reads.page(room.key, { from: exclusive(place, dir), dir, limit: size }),
    async shown(page: readonly StoredEvent[]) {
      const inside = await inRange(page, range, timelineReads)
      const wanted = inside.filter((event) => passes?.(event) !== false)
      const visible = await visibility.canSee(viewer.user, wanted)
      return new Set(wanted.filter((_event, index) => visible[index]))
    },
    isPastEnd: (event: StoredEvent) => isPastEnd(event, range, dir),
  }
  return await collectPage(source, range.from, { dir, limit, sparse: passes !== undefined })
}

/** The log's page is exclusive at its start, a place lies before the event of that name. */
export const exclusive = (place: PagePlace | undefined, dir: 'b' | 'f'): PagePlace | undefined =>
  dir === 'b' || place === undefined ? place : { depth: place.depth, pos: place.pos - 1 }
