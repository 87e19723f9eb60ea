import { sql, type Kysely } from 'kysely'
import { transaction, type Schema } from '#db/db.ts'

/**
 * Begins a new epoch by an operator's order: positions after the log's present end are another history
 * from now on. For what `hs_check_epoch` can't notice, such as a disk image that was put back.
 */
export async function newEpoch(
  db: Kysely<Schema>,
): Promise<{ readonly tag: number; readonly pos: number }> {
  return await transaction(db, async (tx) => {
    await sql`SELECT hs_begin_epoch(0, 'operator')`.execute(tx)
    const { tag, last_pos: pos } = await tx
      .selectFrom('stream')
      .select(['tag', 'last_pos'])
      .executeTakeFirstOrThrow()
    // workers that run read on when a position after theirs is told, and find the tag
    await sql`SELECT pg_notify('hearth_log', ${String(pos + 1)})`.execute(tx)
    return { tag, pos }
  })
}
