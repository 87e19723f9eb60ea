import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { UserKey } from '#log/types.ts'
import { parseRoomAlias, parseRoomId, type RoomAlias, type RoomId } from '#matrix/ids.ts'

/** An alias as it was given away. */
export interface AliasRow {
  readonly roomId: RoomId
  readonly creator: UserKey
}

/** The room that an alias was given to, and by whom. */
export async function aliasRow(db: Db, alias: RoomAlias): Promise<AliasRow | undefined> {
  const row = await db
    .selectFrom('room_aliases')
    .select(['room_id', 'creator'])
    .where('alias', '=', alias)
    .executeTakeFirst()
  return row && { roomId: parseRoomId(row.room_id), creator: row.creator as UserKey }
}

/** True when the alias was free and is the room's now. */
export async function insertAlias(
  db: Db,
  row: { alias: RoomAlias; roomId: RoomId; creator: UserKey; ts: number },
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    INSERT INTO room_aliases (alias, room_id, creator, created_ts)
    VALUES (${row.alias}, ${row.roomId}, ${row.creator}, ${row.ts})
    ON CONFLICT DO NOTHING`.execute(db)
  return numAffectedRows === 1n
}

/** Frees an alias that was given away before `before` (milliseconds). */
export async function deleteOldAlias(db: Db, alias: RoomAlias, before: number): Promise<void> {
  await sql`
    DELETE FROM room_aliases WHERE alias = ${alias} AND created_ts < ${before}`.execute(db)
}

/** Takes an alias from a room; false when it was not the room's any more. */
export async function deleteAlias(db: Db, alias: RoomAlias, roomId: RoomId): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('room_aliases')
    .where('alias', '=', alias)
    .where('room_id', '=', roomId)
    .executeTakeFirst()
  return numDeletedRows === 1n
}

/** A room's aliases, in the order of their bytes. */
export async function aliasesOf(db: Db, roomId: RoomId): Promise<RoomAlias[]> {
  const rows = await db
    .selectFrom('room_aliases')
    .select('alias')
    .where('room_id', '=', roomId)
    .orderBy('alias')
    .execute()
  return rows.map(({ alias }) => parseRoomAlias(alias))
}

export async function countAliases(db: Db, roomId: RoomId): Promise<number> {
  const row = await db
    .selectFrom('room_aliases')
    .select((select) => select.fn.countAll<number>().as('n'))
    .where('room_id', '=', roomId)
    .executeTakeFirstOrThrow()
  return Number(row.n)
}

/** Gives all aliases of one room to another, and returns them. */
export async function moveAliases(db: Db, from: RoomId, to: RoomId): Promise<RoomAlias[]> {
  const rows = await db
    .updateTable('room_aliases')
    .set({ room_id: to })
    .where('room_id', '=', from)
    .returning('alias')
    .execute()
  return rows.map(({ alias }) => parseRoomAlias(alias)).sort()
}

/** Which of some rooms are listed. */
export async function publicRoomsAmong(db: Db, roomIds: readonly RoomId[]): Promise<Set<string>> {
  if (roomIds.length === 0) return new Set()
  const rows = await db
    .selectFrom('public_rooms')
    .select('room_id')
    .where('room_id', 'in', roomIds)
    .execute()
  return new Set(rows.map((row) => row.room_id))
}

export async function isPublicRoom(db: Db, roomId: RoomId): Promise<boolean> {
  const row = await db
    .selectFrom('public_rooms')
    .select('room_id')
    .where('room_id', '=', roomId)
    .executeTakeFirst()
  return row !== undefined
}

export async function insertPublicRoom(db: Db, roomId: RoomId, ts: number): Promise<void> {
  await sql`
    INSERT INTO public_rooms (room_id, published_ts) VALUES (${roomId}, ${ts})
    ON CONFLICT DO NOTHING`.execute(db)
}

/** False when it was not listed. */
export async function deletePublicRoom(db: Db, roomId: RoomId): Promise<boolean> {
  const { numAffectedRows } = await sql`
    DELETE FROM public_rooms WHERE room_id = ${roomId}`.execute(db)
  return numAffectedRows === 1n
}
