import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { UserKey } from '#log/types.ts'
import { parseRoomId, type RoomAlias, type RoomId } from '#matrix/ids.ts'

/** The room that an alias was given to. */
export async function roomOfAlias(db: Db, alias: RoomAlias): Promise<RoomId | undefined> {
  const { rows } = await sql<{ room_id: string }>`
    SELECT room_id FROM room_aliases WHERE alias = ${alias}`.execute(db)
  return rows[0] && parseRoomId(rows[0].room_id)
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

export async function insertPublicRoom(db: Db, roomId: RoomId, ts: number): Promise<void> {
  await sql`
    INSERT INTO public_rooms (room_id, published_ts) VALUES (${roomId}, ${ts})
    ON CONFLICT DO NOTHING`.execute(db)
}

export async function deletePublicRoom(db: Db, roomId: RoomId): Promise<void> {
  await sql`DELETE FROM public_rooms WHERE room_id = ${roomId}`.execute(db)
}
