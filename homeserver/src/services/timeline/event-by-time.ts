import type { LogReads } from '#log/reads.ts'
import type { TimelineReads } from '#log/reads-timeline.ts'
import type { RoomKey, StoredEvent, UserKey } from '#log/types.ts'
import type { Visibility } from '#services/visibility/index.ts'

export interface ByTimeDeps {
  readonly reads: Pick<LogReads, 'eventsByPos'>
  readonly timelineReads: Pick<TimelineReads, 'byTime'>
  readonly visibility: Visibility
}

/** Events looked at together, and how often, until the user may see one. */
const AT_ONCE = 20
const MAX_READS = 20

/**
 * The event of a room closest to a time, at or after it (`f`) or at or before it (`b`), among those
 * that the user may see; undefined when there is none.
 * @param ts milliseconds since 1970
 */
export async function eventByTime(
  room: RoomKey,
  user: UserKey,
  { ts, dir }: { readonly ts: number; readonly dir: 'b' | 'f' },
  { reads, timelineReads, visibility }: ByTimeDeps,
): Promise<StoredEvent | undefined> {
  const far = dir === 'f' ? -Number.MAX_SAFE_INTEGER : Number.MAX_SAFE_INTEGER
  let from = { ts, pos: far }
  for (let read = 0; read < MAX_READS; read++) {
    const places = await timelineReads.byTime(room, dir, from, AT_ONCE)
    const last = places.at(-1)
    if (last === undefined) return undefined
    const found = await reads.eventsByPos(places.map(({ pos }) => pos))
    const events = places.flatMap(({ pos }) => found.get(pos) ?? [])
    const visible = await visibility.canSee(user, events)
    const seen = events.find((_event, index) => visible[index])
    if (seen !== undefined || places.length < AT_ONCE) return seen
    from = last
  }
  return undefined
}
