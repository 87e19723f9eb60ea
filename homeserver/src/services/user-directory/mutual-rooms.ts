import type { LogReads } from '#log/reads.ts'
import type { Dictionary, RoomKey, UserKey } from '#log/types.ts'
import { invalidParam } from '#matrix/errors.ts'
import type { RoomId, UserId } from '#matrix/ids.ts'
import type { Requester } from '#services/sessions/index.ts'

/** https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv1mutual_rooms */
export interface MutualRoomsPage {
  readonly joined: readonly RoomId[]
  /** Of all rooms, not of this page. */
  readonly count: number
  readonly next_batch?: string
}

/** The rooms that two users have both joined. */
export interface MutualRooms {
  /**
   * @param from `next_batch` of the page before
   * @throws {MatrixError} 400 `M_INVALID_PARAM` for the requester's own ID or a bad token
   */
  page(requester: Requester, other: UserId, from?: string): Promise<MutualRoomsPage>
}

export interface MutualRoomsDeps {
  readonly dictionary: Pick<Dictionary, 'findUser' | 'roomsByKey'>
  readonly reads: Pick<LogReads, 'membershipsOf'>
}

const PAGE = 100

export function createMutualRooms({ dictionary, reads }: MutualRoomsDeps): MutualRooms {
  async function joined(user: UserKey): Promise<ReadonlySet<RoomKey>> {
    const memberships = [...(await reads.membershipsOf(user)).values()]
    return new Set(memberships.filter((row) => row.membership === 'join').map((row) => row.room))
  }

  return {
    async page(requester, other, from) {
      if (other === requester.userId) throw invalidParam('user_id: This is your own user ID')
      const after = from === undefined ? 0 : parseToken(from)
      const user = await dictionary.findUser(other)
      if (user === undefined) return { joined: [], count: 0 }
      const [mine, theirs] = await Promise.all([joined(requester.user), joined(user.key)])
      const mutual = [...mine].filter((room) => theirs.has(room)).sort((a, b) => a - b)
      const rest = mutual.filter((room) => room > after)
      const page = rest.slice(0, PAGE)
      const infos = await dictionary.roomsByKey(page)
      const last = page.at(-1)
      return {
        joined: page.flatMap((room) => infos.get(room)?.roomId ?? []),
        count: mutual.length,
        ...(rest.length > PAGE && last !== undefined && { next_batch: `m${last}` }),
      }
    },
  }
}

function parseToken(text: string): number {
  const [, room] = /^m(\d{1,15})$/.exec(text) ?? []
  if (room === undefined) throw invalidParam('from: Not a token of this server')
  return Number(room)
}
