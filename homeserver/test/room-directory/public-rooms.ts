import type { TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'

/** A page of the published room directory. */
export interface PublicRoomsPage {
  readonly rooms: readonly string[]
  readonly chunk: readonly unknown[]
  readonly next: string | undefined
  readonly prev: string | undefined
  readonly total: unknown
}

const PATH = '/_matrix/client/v3/publicRooms'

function pageOf(body: unknown): PublicRoomsPage {
  const chunk = list(body, 'chunk')
  const token = (name: string) => {
    const value = at(body, name)
    return typeof value === 'string' ? value : undefined
  }
  return {
    rooms: chunk.map((room) => text(room, 'room_id')),
    chunk,
    next: token('next_batch'),
    prev: token('prev_batch'),
    total: at(body, 'total_room_count_estimate'),
  }
}

/** `GET /publicRooms`, without a token as anybody may */
export async function publicRooms(
  server: TestServer,
  query: Readonly<Record<string, string>> = {},
): Promise<PublicRoomsPage> {
  const search = new URLSearchParams(query).toString()
  return pageOf(ok(await server.request('GET', `${PATH}?${search}`)))
}

/** All rooms of the first page. */
export const listed = async (server: TestServer): Promise<readonly string[]> =>
  (await publicRooms(server)).rooms

/** `POST /publicRooms` */
export async function searchRooms(user: TestUser, body: unknown): Promise<PublicRoomsPage> {
  return pageOf(ok(await user.call('POST', '/publicRooms', body)))
}
