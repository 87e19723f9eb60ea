import type { SyncTokens } from '#log/index.ts'
import { encodePageToken } from '#log/index.ts'
import type { LogReads } from '#log/reads.ts'
import { MAX_RECURSION, type RelationReads } from '#log/reads-relations.ts'
import type { TimelineReads } from '#log/reads-timeline.ts'
import type { StoredEvent } from '#log/types.ts'
import type { EventId, RoomId } from '#matrix/ids.ts'
import type { Aggregations } from '#services/aggregations/index.ts'
import { collectPage, exclusive, inRange, isPastEnd, pageRange } from '#services/timeline/index.ts'
import type { PagePlace, Timeline, Viewer } from '#services/timeline/index.ts'
import type { Access, Visibility } from '#services/visibility/index.ts'
import { threadRoots, type ThreadsPage, type ThreadsRequest } from './thread-roots.ts'

/** Which of the events that relate to another are wanted. */
export interface RelatingRequest {
  readonly relType?: string | undefined
  readonly eventType?: string | undefined
  readonly from?: string | undefined
  readonly to?: string | undefined
  readonly dir: 'b' | 'f'
  /** At least 1 */
  readonly limit: number
  /** Also what relates to those; undefined: the client did not say. */
  readonly recurse?: boolean | undefined
}

/** A page; events are JSON texts. */
export interface RelatingPage {
  readonly chunk: readonly string[]
  readonly nextBatch: string | undefined
  readonly prevBatch: string | undefined
  /** How many levels of relations were followed, when the client said whether to. */
  readonly recursionDepth: number | undefined
}

/** Lists events by what they relate to. */
export interface Relations {
  /**
   * Events that relate to one, in topological order. Redacted ones and those of ignored users are
   * left out, and so is what the viewer may not see.
   * https://spec.matrix.org/v1.19/client-server-api/#relationships-api
   * @throws {MatrixError} 404 when the parent is not there for the viewer, 400 for bad tokens
   */
  relating(
    viewer: Viewer,
    roomId: RoomId,
    eventId: EventId,
    request: RelatingRequest,
  ): Promise<RelatingPage>
  /**
   * The events with which a room's threads begin, latest activity first.
   * https://spec.matrix.org/v1.19/client-server-api/#querying-threads-in-a-room
   * @throws {MatrixError} 403 for who may not read the room, 400 for a bad token
   */
  threads(viewer: Viewer, roomId: RoomId, request: ThreadsRequest): Promise<ThreadsPage>
}

export interface RelationsDeps {
  readonly reads: LogReads
  readonly relationReads: RelationReads
  readonly timelineReads: TimelineReads
  readonly tokens: Pick<SyncTokens, 'resolve'>
  readonly access: Access
  readonly visibility: Visibility
  readonly aggregations: Pick<Aggregations, 'ignoredBy'>
  readonly timeline: Pick<Timeline, 'serializeEvents' | 'visibleEvent'>
}

/** Makes the service. */
export function createRelations(deps: RelationsDeps): Relations {
  return {
    async relating(viewer, roomId, eventId, request) {
      const parent = await deps.timeline.visibleEvent(viewer, roomId, eventId)
      return await relating(viewer, parent, request, deps)
    },

    async threads(viewer, roomId, request) {
      const access = await deps.access.read(viewer.user, roomId)
      return await threadRoots(viewer, access, request, deps)
    },
  }
}

async function relating(
  viewer: Viewer,
  parent: StoredEvent,
  { relType, eventType, recurse, ...request }: RelatingRequest,
  deps: RelationsDeps,
): Promise<RelatingPage> {
  const { dir, limit } = request
  const { room, eventId } = parent
  const [range, ignored] = await Promise.all([
    pageRange(room, request, deps),
    deps.aggregations.ignoredBy(viewer.user),
  ])
  const wanted = {
    room,
    parent: eventId,
    relType,
    eventType,
    recurse: recurse === true,
    ignored,
    dir,
  }
  const page = await collectPage(
    {
      async read(place: PagePlace | undefined, size: number) {
        const from = exclusive(place, dir)
        const positions = await deps.relationReads.related({ ...wanted, from, limit: size })
        if (positions.length === 0) return []
        const found = await deps.reads.eventsByPos(positions)
        return positions.flatMap((pos) => found.get(pos) ?? [])
      },
      async shown(events: readonly StoredEvent[]) {
        const inside = await inRange(events, range, deps.timelineReads)
        const visible = await deps.visibility.canSee(viewer.user, inside)
        return new Set(inside.filter((_event, index) => visible[index]))
      },
      isPastEnd: (event: StoredEvent) => isPastEnd(event, range, dir),
    },
    range.from,
    { dir, limit, sparse: false },
  )
  return {
    chunk: await deps.timeline.serializeEvents(page.events, viewer, { roomId: true }),
    nextBatch: page.next && encodePageToken(page.next),
    // a token is a place between events: the same leads back
    prevBatch: request.from,
    recursionDepth: recurse === undefined ? undefined : recurse ? MAX_RECURSION : 1,
  }
}
