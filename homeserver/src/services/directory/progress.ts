import { sql } from 'kysely'
import type { Db, Tx } from '#db/db.ts'
import type { RoomId } from '#matrix/ids.ts'

/**
 * Position up to which the summaries follow the log, locked until the transaction ends. Whoever
 * changes summaries holds it, so that none writes what another has made old meanwhile.
 */
export async function holdProgress(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('room_summaries_progress')
    .select('done_to')
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.done_to
}

/** The end of the log. What is at or before it is visible to every later statement. */
export async function endOfLog(db: Db): Promise<number> {
  const row = await db.selectFrom('stream').select('last_pos').executeTakeFirstOrThrow()
  return row.last_pos
}

export async function setProgress(tx: Tx, pos: number): Promise<void> {
  await tx.updateTable('room_summaries_progress').set({ done_to: pos }).execute()
}

/** Notes in a room's summary that it is listed or not; a summary made later finds out by itself. */
export async function markPublished(tx: Tx, roomId: RoomId, published: boolean): Promise<void> {
  await sql`
    UPDATE room_summaries SET published = ${published}
    FROM rooms r WHERE r.room_id = ${roomId} AND room_summaries.room = r.key`.execute(tx)
}
