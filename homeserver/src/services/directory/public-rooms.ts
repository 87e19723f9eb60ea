import type { Db } from '#db/db.ts'
import { forbidden, invalidParam } from '#matrix/errors.ts'
import { foldedWords } from '#matrix/fold-text.ts'
import type { ServerName } from '#matrix/ids.ts'
import { countListed, listedRooms, type ListedRoom, type ListFilter } from './listed-rooms.ts'
import { encodePageToken, parsePageToken, type PageToken } from './page-token.ts'
import type { RoomSummaries } from './summaries.ts'

/** What a client asks of the published room directory. */
export interface PublicRoomsQuery {
  readonly limit?: number | undefined
  readonly since?: string | undefined
  readonly server?: ServerName | undefined
  readonly searchTerm?: string | undefined
  readonly roomTypes?: readonly (string | null)[] | undefined
  readonly includeAllNetworks?: boolean | undefined
  readonly thirdPartyInstanceId?: string | undefined
}

/** https://spec.matrix.org/v1.19/client-server-api/#published-room-directory */
export interface PublicRoomsPage {
  readonly chunk: readonly object[]
  readonly next_batch?: string
  readonly prev_batch?: string
  readonly total_room_count_estimate: number
}

/** The published room directory: rooms with most members first. */
export interface PublicRooms {
  /** @throws {MatrixError} 400 `M_INVALID_PARAM`, 403 for the directory of another server */
  page(query: PublicRoomsQuery): Promise<PublicRoomsPage>
}

export interface PublicRoomsDeps {
  readonly db: Db
  readonly serverName: ServerName
  readonly roomSummaries: Pick<RoomSummaries, 'catchUp'>
}

const DEFAULT_LIMIT = 100
const MOST_ROOMS = 500
const MOST_WORDS = 16

export function createPublicRooms(deps: PublicRoomsDeps): PublicRooms {
  return {
    async page(query) {
      if (query.server !== undefined && query.server !== deps.serverName) {
        throw forbidden('This server does not ask other servers for their directories.')
      }
      const from = query.since === undefined ? undefined : parsePageToken(query.since)
      // there are no rooms of third-party networks
      if (isOfNetwork(query)) return { chunk: [], total_room_count_estimate: 0 }
      const filter = {
        words: foldedWords(query.searchTerm ?? '', MOST_WORDS),
        roomTypes: query.roomTypes,
      }
      await deps.roomSummaries.catchUp()
      return await readPage(deps.db, filter, { from, limit: limitOf(query.limit) })
    },
  }
}

async function readPage(
  db: Db,
  filter: ListFilter,
  { from, limit }: { from: PageToken | undefined; limit: number },
): Promise<PublicRoomsPage> {
  const [rows, total] = await Promise.all([
    listedRooms(db, filter, { from, limit: limit + 1 }),
    countListed(db, filter),
  ])
  const back = from?.dir === 'p'
  const more = rows.length > limit
  const rooms = more ? (back ? rows.slice(1) : rows.slice(0, limit)) : rows
  // where it came from there is always a way back
  const next = back || more ? placeOf('n', rooms.at(-1), from) : undefined
  const hasBefore = back ? more : from !== undefined
  const prev = hasBefore ? placeOf('p', rooms[0], from) : undefined
  return {
    chunk: rooms.map(told),
    ...(next !== undefined && { next_batch: next }),
    ...(prev !== undefined && { prev_batch: prev }),
    total_room_count_estimate: total,
  }
}

/** Beside a room of the page; the page being empty, from where it was looked for. */
function placeOf(
  dir: PageToken['dir'],
  room: ListedRoom | undefined,
  from: PageToken | undefined,
): string | undefined {
  const place = room ?? from
  return place && encodePageToken({ dir, joined: place.joined, room: place.room })
}

/** @throws {MatrixError} 400 when all networks and one of them are asked for at once */
function isOfNetwork({ includeAllNetworks, thirdPartyInstanceId }: PublicRoomsQuery): boolean {
  if (thirdPartyInstanceId === undefined || thirdPartyInstanceId === '') return false
  if (includeAllNetworks !== true) return true
  throw invalidParam('third_party_instance_id cannot be combined with include_all_networks.')
}

/** As between servers, 0 stands for no limit of the client's own. */
function limitOf(limit: number | undefined): number {
  if (limit === undefined || limit === 0) return DEFAULT_LIMIT
  if (limit < 0) throw invalidParam('limit: Must not be negative')
  return Math.min(limit, MOST_ROOMS)
}

function told(room: ListedRoom): object {
  return {
    room_id: room.room_id,
    num_joined_members: room.joined,
    world_readable: room.world_readable,
    guest_can_join: room.guest_can_join,
    join_rule: room.join_rule,
    ...(room.name !== null && { name: room.name }),
    ...(room.topic !== null && { topic: room.topic }),
    ...(room.canonical_alias !== null && { canonical_alias: room.canonical_alias }),
    ...(room.avatar_url !== null && { avatar_url: room.avatar_url }),
    ...(room.room_type !== null && { room_type: room.room_type }),
  }
}
