import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { RoomKey, UserKey } from './types.ts'

/** What a room summary says about members. */
export interface RoomMembers {
  readonly joined: number
  readonly invited: number
  /** After whom a nameless room may be called: members first, then those who left, by position. */
  readonly heroes: readonly Hero[]
}

export interface Hero {
  readonly user: UserKey
  /** Joined or invited; false: left or banned. */
  readonly present: boolean
  /** Position of the membership event. */
  readonly pos: number
}

/** Reads of room summaries. */
export interface SummaryReads {
  /**
   * Counts of members, and for rooms in `named` no heroes.
   * @param limit heroes of each room; the caller's own user may be among them
   */
  roomMembers(
    rooms: readonly RoomKey[],
    options: { readonly named: ReadonlySet<RoomKey>; readonly limit: number },
  ): Promise<Map<RoomKey, RoomMembers>>
}

/** Makes the reads; every call goes to Postgres. */
export function createSummaryReads(db: Db): SummaryReads {
  return {
    async roomMembers(rooms, { named, limit }) {
      const nameless = rooms.filter((room) => !named.has(room))
      const [counts, heroes] = await Promise.all([
        readCounts(db, rooms),
        nameless.length === 0 ? new Map<RoomKey, HeroRow[]>() : readHeroes(db, nameless, limit),
      ])
      return new Map(
        rooms.map((room) => [
          room,
          {
            joined: counts.get(room)?.joined ?? 0,
            invited: counts.get(room)?.invited ?? 0,
            heroes: (heroes.get(room) ?? []).map(({ user_key, present, pos }) => ({
              user: user_key,
              present,
              pos,
            })),
          },
        ]),
      )
    },
  }
}

interface CountRow {
  readonly room: RoomKey
  readonly joined: number
  readonly invited: number
}

async function readCounts(db: Db, rooms: readonly RoomKey[]): Promise<Map<RoomKey, CountRow>> {
  const { rows } = await sql<CountRow>`
    SELECT room, count(*) FILTER (WHERE membership = 'join') AS joined,
           count(*) FILTER (WHERE membership = 'invite') AS invited
    FROM memberships WHERE room = ANY(${rooms}::bigint[]) AND membership IN ('join', 'invite')
    GROUP BY room`.execute(db)
  return new Map(rows.map((row) => [row.room, row]))
}

interface HeroRow {
  readonly room: RoomKey
  readonly user_key: UserKey
  readonly present: boolean
  readonly pos: number
}

/** Joined and invited members; where there are too few of them, those who left come after. */
async function readHeroes(
  db: Db,
  rooms: readonly RoomKey[],
  limit: number,
): Promise<Map<RoomKey, HeroRow[]>> {
  const { rows } = await sql<HeroRow>`
    SELECT k.room, h.user_key, h.present, h.pos
    FROM unnest(${rooms}::bigint[]) AS k(room)
    CROSS JOIN LATERAL (
      SELECT user_key, pos, membership IN ('join', 'invite') AS present FROM memberships m
      WHERE m.room = k.room AND membership IN ('join', 'invite', 'leave', 'ban')
      ORDER BY present DESC, pos LIMIT ${limit}) h
    ORDER BY k.room, h.present DESC, h.pos`.execute(db)
  return Map.groupBy(rows, (row) => row.room)
}
