import { encodePageToken, parsePageToken } from '#log/index.ts'
import type { ThreadRow } from '#log/reads-relations.ts'
import type { Topological } from '#log/reads.ts'
import { EventFlag, type StoredEvent } from '#log/types.ts'
import type { Viewer } from '#services/timeline/index.ts'
import type { RoomAccess } from '#services/visibility/index.ts'
import type { RelationsDeps } from './relations.ts'

/** Which threads are wanted. */
export interface ThreadsRequest {
  readonly include: 'all' | 'participated'
  /** At least 1 */
  readonly limit: number
  readonly from?: string | undefined
}

/** A page of roots, as JSON texts. */
export interface ThreadsPage {
  readonly chunk: readonly string[]
  readonly nextBatch: string | undefined
}

/** Reads for one page; then the client gets what was found and a token to go on. */
const MAX_READS = 10

/** Pages by the last event of each thread, which is what the tokens name. */
export async function threadRoots(
  viewer: Viewer,
  access: RoomAccess,
  { include, limit, from: token }: ThreadsRequest,
  deps: RelationsDeps,
): Promise<ThreadsPage> {
  const ignored = await deps.aggregations.ignoredBy(viewer.user)
  let from: Topological | undefined = token === undefined ? undefined : parsePageToken(token)
  const roots: StoredEvent[] = []
  for (let reads = 0; reads < MAX_READS; reads++) {
    // one more than needed tells whether there is more
    const size = limit + 1
    const rows = await deps.relationReads.threads({
      room: access.room.key,
      participant: include === 'participated' ? viewer.user : undefined,
      ignored,
      from,
      upTo: access.kind === 'left' ? access.pos : Number.MAX_SAFE_INTEGER,
      limit: size,
    })
    const shown = await visibleRoots(viewer, access, rows, deps)
    for (const [index, row] of rows.entries()) {
      from = { depth: row.depth, pos: row.pos }
      const root = shown.get(row.pos)
      if (root !== undefined) roots.push(root)
      if (roots.length < limit) continue
      return await pageOf(roots, index < rows.length - 1 ? from : undefined)
    }
    if (rows.length < size) return await pageOf(roots, undefined)
  }
  return await pageOf(roots, from)

  async function pageOf(
    found: readonly StoredEvent[],
    next: Topological | undefined,
  ): Promise<ThreadsPage> {
    const events = found.map((event) => (ignored.includes(event.senderId) ? blanked(event) : event))
    return {
      chunk: await deps.timeline.serializeEvents(events, viewer, { roomId: true }),
      nextBatch: next && encodePageToken(next),
    }
  }
}

/** Roots by the position of their thread's last event, where the viewer may see both. */
async function visibleRoots(
  viewer: Viewer,
  { room }: RoomAccess,
  rows: readonly ThreadRow[],
  { reads, visibility }: RelationsDeps,
): Promise<Map<number, StoredEvent>> {
  if (rows.length === 0) return new Map()
  const [roots, latest] = await Promise.all([
    reads.eventsById(rows.map((row) => row.root)),
    reads.eventsByPos(rows.map((row) => row.pos)),
  ])
  const pairs = rows.flatMap((row) => {
    const root = roots.get(row.root)
    const last = latest.get(row.pos)
    if (root === undefined || last === undefined || root.room !== room.key) return []
    return [{ row, root, last }]
  })
  const visible = await visibility.canSee(
    viewer.user,
    pairs.flatMap(({ root, last }) => [root, last]),
  )
  return new Map(
    pairs
      .filter((_pair, index) => visible[2 * index] === true && visible[2 * index + 1] === true)
      .map(({ row, root }) => [row.pos, root]),
  )
}

/** An ignored user's event as if it were redacted, by nothing that could be shown. */
const blanked = (event: StoredEvent): StoredEvent => ({
  ...event,
  flags: event.flags | EventFlag.redacted,
  redactedBy: event.redactedBy ?? 0,
})
