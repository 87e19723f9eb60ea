import type { Statement } from '#db/pipelined-client.ts'
import type { Reader } from './read/connections.ts'
import type { RoomKey, UserKey } from './types.ts'

/** Marks rooms that users no longer want to know of. */
export interface Forgetting {
  /**
   * Forgets a room that the user has left or is banned from; false for every other membership. The next
   * membership event undoes it, except one that bans or unbans. Workers notice by the invalidation of the
   * user, which the caller appends.
   */
  forget(user: UserKey, room: RoomKey): Promise<boolean>
}

/**
 * $1 user, $2 room. Outside the append: it has no position, repeating it changes nothing, and if a
 * membership is being written, the row's lock makes it judge the new one.
 */
const FORGET: Statement = {
  name: 'membership_forget',
  text: `UPDATE memberships SET forgotten = true
    WHERE user_key = $1 AND room = $2 AND membership IN ('leave', 'ban') RETURNING pos`,
}

/** {@link Forgetting} in Postgres. */
export function createForgetting(reader: Reader): Forgetting {
  return {
    async forget(user, room) {
      return (await reader.query(FORGET, [user, room])).length > 0
    },
  }
}
