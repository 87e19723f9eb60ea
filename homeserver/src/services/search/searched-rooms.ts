import type { RoomKey, UserKey } from '#log/types.ts'
import { listTest } from '#services/filters/index.ts'
import type { SearchPlace } from './page-token.ts'
import type { SearchDeps, SearchRequest } from './types.ts'

const ENCRYPTION = { type: 'm.room.encryption', stateKey: '' }

/**
 * Rooms that the user has been in and that are not encrypted, each with the last place in the log that
 * may be of interest. Who is outside by now saw nothing after that; whether they saw anything, every
 * match is asked.
 */
export async function searchedRooms(
  deps: Pick<SearchDeps, 'reads' | 'dictionary' | 'roomStates'>,
  user: UserKey,
  { filter }: Pick<SearchRequest, 'filter'>,
  group: SearchPlace['group'],
): Promise<Map<RoomKey, number>> {
  const memberships = await deps.reads.membershipsOf(user)
  const rows = [...memberships.values()].filter(({ forgotten }) => !forgotten)
  const infos = await deps.dictionary.roomsByKey(rows.map(({ room }) => room))
  const passes = listTest(filter.rooms, filter.not_rooms)
  const places = new Map<RoomKey, number>()
  for (const { room, membership, pos } of rows) {
    const roomId = infos.get(room)?.roomId
    if (roomId === undefined || !passes(roomId)) continue
    if (group?.key === 'room_id' && group.value !== roomId) continue
    places.set(room, membership === 'join' ? Infinity : pos)
  }
  const encrypted = await deps.roomStates.currentOfMany([...places.keys()], [ENCRYPTION])
  for (const [room, events] of encrypted) {
    if (events.length > 0) places.delete(room)
  }
  return places
}
