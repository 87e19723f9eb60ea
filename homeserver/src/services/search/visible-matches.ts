import type { RoomKey, StoredEvent } from '#log/types.ts'
import { MatrixError } from '#matrix/errors.ts'
import { eventTest, type Viewer } from '#services/timeline/index.ts'
import type { RoomAccess } from '#services/visibility/index.ts'
import type { Match } from './find-store.ts'
import type { Found, SearchDeps, SearchRequest } from './types.ts'

type Deps = Pick<SearchDeps, 'reads' | 'dictionary' | 'access' | 'visibility' | 'clientEvents'>

/** Those of the matches that the filter lets pass and the user may see, in the same order. */
export async function visibleMatches(
  deps: Deps,
  viewer: Viewer,
  request: Pick<SearchRequest, 'filter'>,
  matches: readonly Match[],
): Promise<Found[]> {
  const events = await deps.reads.eventsByPos(matches.map(({ ev }) => ev))
  const rooms = await accesses(deps, viewer, [...events.values()])
  const tests = new Map(
    Array.from(rooms, ([key, { room }]) => [key, eventTest(request.filter, room)]),
  )
  const wanted = matches.flatMap(({ ev, place, rank }): Found[] => {
    const event = events.get(ev)
    // the index may not know yet
    if (event === undefined || event.redactedBy !== undefined) return []
    const access = rooms.get(event.room)
    if (access === undefined || tests.get(event.room)?.(event) === false) return []
    if (access.kind === 'left' && place > access.pos) return []
    return [{ event, access, place, rank }]
  })
  const found = wanted.map(({ event }) => event)
  const [visible, pruned] = await Promise.all([
    deps.visibility.canSee(viewer.user, found),
    deps.clientEvents.prunedFor(found, viewer.user),
  ])
  // that words are found would tell that they were written
  return wanted.filter(({ event }, index) => visible[index] && !pruned.has(event))
}

/** How the user may read the rooms of the events; those they may not are left out. */
async function accesses(
  { dictionary, access }: Deps,
  { user }: Viewer,
  events: readonly StoredEvent[],
): Promise<Map<RoomKey, RoomAccess>> {
  const infos = await dictionary.roomsByKey([...new Set(events.map(({ room }) => room))])
  const found = new Map<RoomKey, RoomAccess>()
  await Promise.all(
    Array.from(infos.values(), async ({ key, roomId }) => {
      try {
        found.set(key, await access.read(user, roomId))
      } catch (error) {
        if (!(error instanceof MatrixError)) throw error
      }
    }),
  )
  return found
}
