import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { RoomKey, UserKey } from './types.ts'

/** Reads of who is in rooms together, each one statement for many users. */
export interface SharingReads {
  /** Those of the users who are joined to a room that the user is joined to. */
  sharing(user: UserKey, others: readonly UserKey[]): Promise<Set<UserKey>>
  /** The rooms that any of the users is joined to. */
  joinedRooms(users: readonly UserKey[]): Promise<RoomKey[]>
}

/** Makes the reads; every call with users goes to Postgres. */
export function createSharingReads(db: Db): SharingReads {
  return {
    async sharing(user, others) {
      if (others.length === 0) return new Set()
      const { rows } = await sql<{ user_key: UserKey }>`
        SELECT o.user_key FROM unnest(${others}::bigint[]) AS o(user_key)
        WHERE EXISTS (
          SELECT FROM memberships t
          JOIN memberships m ON m.room = t.room AND m.membership = 'join' AND m.user_key = ${user}
          WHERE t.user_key = o.user_key AND t.membership = 'join')`.execute(db)
      return new Set(rows.map((row) => row.user_key))
    },

    async joinedRooms(users) {
      if (users.length === 0) return []
      const { rows } = await sql<{ room: RoomKey }>`
        SELECT DISTINCT room FROM memberships
        WHERE user_key = ANY (${users}::bigint[]) AND membership = 'join'`.execute(db)
      return rows.map((row) => row.room)
    },
  }
}
