import { forbidden, invalidParam, notFound } from '#matrix/errors.ts'
import type { RoomId } from '#matrix/ids.ts'
import { Discoverable } from './discoverable.ts'
import { encodePlace, parsePlace, type HierarchyPlace } from './hierarchy-token.ts'
import { readFacts, summaryOf } from './room-facts.ts'
import type { RoomSummary, SpaceChild, SpacesDeps, Viewer } from './types.ts'
import { walk, type HierarchyRoom } from './walk.ts'

/** Levels below the root that are shown at most. */
const MAX_DEPTH = 50

interface HierarchyQuery {
  /** At least 1 */
  readonly limit: number
  /** At least 0 */
  readonly maxDepth: number | undefined
  readonly suggestedOnly: boolean | undefined
  readonly from: string | undefined
}

interface HierarchyPage {
  readonly rooms: readonly (RoomSummary & { readonly children_state: readonly SpaceChild[] })[]
  readonly next_batch?: string
}

/** What can be found out about rooms without being in them. */
export interface Spaces {
  /**
   * A room's summary, with the viewer's membership; only for rooms that the viewer may find.
   * @throws {MatrixError} 404 for others, and for those that do not exist
   */
  summary(viewer: Viewer, roomId: RoomId): Promise<RoomSummary & { membership?: string }>
  /**
   * A page of the rooms of a space, depth first.
   * @throws {MatrixError} 403 when the viewer may not find the space, 400 for a bad token, or other
   *   options than the first page had
   */
  hierarchy(
    viewer: NonNullable<Viewer>,
    roomId: RoomId,
    query: HierarchyQuery,
  ): Promise<HierarchyPage>
}

export function createSpaces(deps: SpacesDeps): Spaces {
  return {
    async summary(viewer, roomId) {
      const info = (await deps.dictionary.roomsById([roomId])).get(roomId)
      const facts = info && (await readFacts([info], deps)).get(info.key)
      const discoverable = await Discoverable.for(viewer, deps)
      if (facts === undefined || !(await discoverable.includes(facts))) {
        throw notFound('There is no such room, or you may not know of it.')
      }
      const { key } = facts.info
      const counts = await deps.reads.memberCountsOf([key])
      const summary = summaryOf(facts, counts.get(key)?.joined ?? 0)
      if (viewer === undefined) return summary
      return { ...summary, membership: discoverable.membershipIn(key) ?? 'leave' }
    },

    async hierarchy(viewer, roomId, query) {
      const place = placeOf(roomId, query)
      const root = (await deps.dictionary.roomsById([roomId])).get(roomId)
      const discoverable = await Discoverable.for(viewer, deps)
      const rooms = root === undefined ? [] : await walk(root, place, discoverable, deps)
      if (rooms.length === 0) throw forbidden('You may not see this room.')
      const end = place.skip + query.limit
      const page = await pageOf(rooms.slice(place.skip, end), deps)
      if (end >= rooms.length) return { rooms: page }
      return { rooms: page, next_batch: encodePlace({ ...place, skip: end }) }
    },
  }
}

async function pageOf(
  rooms: readonly HierarchyRoom[],
  { reads }: SpacesDeps,
): Promise<HierarchyPage['rooms']> {
  const counts = await reads.memberCountsOf(rooms.map(({ facts }) => facts.info.key))
  return rooms.map(({ facts, children }) => ({
    ...summaryOf(facts, counts.get(facts.info.key)?.joined ?? 0),
    children_state: children,
  }))
}

/** Where the page begins. Options that are left out on a later page are those of the first. */
function placeOf(root: RoomId, { from, maxDepth, suggestedOnly }: HierarchyQuery): HierarchyPlace {
  const depth = maxDepth === undefined ? undefined : Math.min(maxDepth, MAX_DEPTH)
  if (from === undefined) {
    return { root, maxDepth: depth ?? MAX_DEPTH, suggestedOnly: suggestedOnly ?? false, skip: 0 }
  }
  const place = parsePlace(from)
  if (place.root !== root) throw invalidParam('from: a token of another room.')
  const sameDepth = depth === undefined || depth === place.maxDepth
  if (!sameDepth || (suggestedOnly !== undefined && suggestedOnly !== place.suggestedOnly)) {
    throw invalidParam('suggested_only and max_depth cannot change between pages.')
  }
  return place
}
