import { sql, type Kysely } from 'kysely'
import type { Schema } from '../db.ts'
import { DatabaseRefused } from '../errors.ts'

/**
 * A session's own server process must stay its own: LISTEN, advisory locks and prepared statements
 * live in it. A pooler in transaction mode lends the process out between two statements, so one session
 * either meets the process of another or changes its own while another holds it.
 * @param db with at least two connections
 * @throws {DatabaseRefused}
 */
export async function checkPooler(db: Kysely<Schema>): Promise<void> {
  const isShared = await db.connection().execute(async (first) => {
    const own = await backend(first)
    return await db.connection().execute((second) =>
      second.transaction().execute(async (tx) => {
        // held by the transaction, so the first session can't be given it too
        if ((await backend(tx)) === own) return true
        return (await backend(first)) !== own
      }),
    )
  })
  if (!isShared) return
  throw new DatabaseRefused(
    'A connection pooler in transaction mode (pgBouncer) stands before Postgres; Hearth needs connections ' +
      'of its own. Name the Postgres server itself in database.url, or set pool_mode = session.',
  )
}

async function backend(db: Kysely<Schema>): Promise<number | undefined> {
  const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db)
  return rows[0]?.pid
}
