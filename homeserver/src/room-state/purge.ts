import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { RoomKey } from './deps.ts'

/**
 * Deletes a room's lines, checkpoints and current state. Meant for the transaction that also deletes
 * the room itself: an append that comes after finds no room and conflicts.
 */
export async function purgeState(db: Db, room: RoomKey): Promise<void> {
  await sql`
    WITH gone AS (DELETE FROM state_lines WHERE room = ${room} RETURNING line),
    rows AS (DELETE FROM state_log s USING gone WHERE s.line = gone.line),
    checkpoints AS (DELETE FROM state_ckpt c USING gone WHERE c.line = gone.line)
    DELETE FROM room_state WHERE room = ${room}`.execute(db)
}
