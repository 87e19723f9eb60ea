import { sql, type RawBuilder } from 'kysely'
import type { Db } from '#db/db.ts'
import type { PageToken } from './page-token.ts'

/** What a reader of the directory wants to see. */
export interface ListFilter {
  /** Folded; each stands in a room's name, topic or aliases. */
  readonly words: readonly string[]
  /** `null`: rooms without a type. Undefined: all. */
  readonly roomTypes: readonly (string | null)[] | undefined
}

/** A room as the directory tells of it. */
export interface ListedRoom {
  readonly room: number
  readonly room_id: string
  readonly joined: number
  readonly name: string | null
  readonly topic: string | null
  readonly canonical_alias: string | null
  readonly avatar_url: string | null
  readonly join_rule: string
  readonly world_readable: boolean
  readonly guest_can_join: boolean
  readonly room_type: string | null
}

/** Rooms from a place on, most members first; backwards when the place says so. At most `limit`. */
export async function listedRooms(
  db: Db,
  filter: ListFilter,
  { from, limit }: { from: PageToken | undefined; limit: number },
): Promise<ListedRoom[]> {
  const back = from?.dir === 'p'
  const order = back ? sql`s.joined ASC, s.room DESC` : sql`s.joined DESC, s.room ASC`
  const { rows } = await sql<ListedRoom>`
    SELECT s.room, r.room_id, s.joined, s.name, s.topic, s.canonical_alias, s.avatar_url,
      s.join_rule, s.world_readable, s.guest_can_join, s.room_type
    FROM room_summaries s JOIN rooms r ON r.key = s.room
    WHERE ${matches(filter)} AND ${from === undefined ? sql`true` : beyond(from)}
    ORDER BY ${order} LIMIT ${limit}`.execute(db)
  return back ? rows.reverse() : rows
}

/** How many rooms there are in all. */
export async function countListed(db: Db, filter: ListFilter): Promise<number> {
  const { rows } = await sql<{ n: number }>`
    SELECT count(*)::int AS n FROM room_summaries s WHERE ${matches(filter)}`.execute(db)
  return rows[0]?.n ?? 0
}

/** The first comparison is what the index can do; the second settles rooms of the same size. */
function beyond({ dir, joined, room }: PageToken): RawBuilder<boolean> {
  return dir === 'n'
    ? sql`s.joined <= ${joined} AND (s.joined < ${joined} OR s.room > ${room})`
    : sql`s.joined >= ${joined} AND (s.joined > ${joined} OR s.room < ${room})`
}

function matches({ words, roomTypes }: ListFilter): RawBuilder<boolean> {
  const conditions = [
    sql`s.published AND s.listable`,
    ...words.map((word) => sql`strpos(s.search, ${word}) > 0`),
    ...(roomTypes === undefined ? [] : [ofTypes(roomTypes)]),
  ]
  return sql`${sql.join(conditions, sql` AND `)}`
}

function ofTypes(roomTypes: readonly (string | null)[]): RawBuilder<boolean> {
  const named = roomTypes.filter((type) => type !== null)
  const isNamed = sql<boolean>`s.room_type = ANY (${named}::text[])`
  return roomTypes.includes(null) ? sql`(s.room_type IS NULL OR ${isNamed})` : isNamed
}
