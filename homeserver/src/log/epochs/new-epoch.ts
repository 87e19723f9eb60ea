import { sql, type Kysely } from 'kysely'
import { transaction, type Schema } from '#db/db.ts'
import { STREAM_LOCK } from '#db/functions/locks.ts'
import type { Rng } from '#platform/rng.ts'

/** Two restores of one image must not begin the same epoch, as in `hs_check_epoch`. */
const SPREAD = 65_536

/**
 * Begins a new epoch by an operator's order: positions after the log's present end are another history
 * from now on. For what `hs_check_epoch` can't notice, such as a disk image that was put back.
 */
export async function newEpoch(
  db: Kysely<Schema>,
  rng: Rng,
): Promise<{ readonly tag: number; readonly pos: number }> {
  return await transaction(db, async (tx) => {
    await sql`SELECT pg_advisory_xact_lock(${STREAM_LOCK})`.execute(tx)
    const { tag: old, last_pos: pos } = await tx
      .selectFrom('stream')
      .select(['tag', 'last_pos'])
      .executeTakeFirstOrThrow()
    const tag = old + 1 + rng.int(SPREAD)
    await tx.insertInto('epochs').values({ tag, start_pos: pos, reason: 'operator' }).execute()
    await tx.updateTable('stream').set({ tag }).execute()
    // workers that run read on when a position after theirs is told, and find the tag
    await sql`SELECT pg_notify('hearth_log', ${String(pos + 1)})`.execute(tx)
    return { tag, pos }
  })
}
