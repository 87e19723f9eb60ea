import { Kysely, PostgresDialect, type Transaction } from 'kysely'
import type { Logger } from '#platform/logger.ts'
import { isRetryable } from './errors.ts'
import { createPool, type PoolOptions } from './pool.ts'
import type { DB } from './schema.gen.ts'

/** Every table and its columns; generated from a migrated database. */
export type Schema = DB

/** What a store function takes first: the database, or an open transaction. */
export type Db = Kysely<Schema> | Transaction<Schema>

/** An open transaction that knows what must follow its commit. */
export type Tx = Transaction<Schema> & {
  /** Runs after the commit succeeded, never after a rollback. Must not throw. */
  onCommit(callback: () => void): void
}

/** A Kysely over its own pool; `destroy()` ends both. */
export function createDb(options: PoolOptions): Kysely<Schema> {
  return new Kysely<Schema>({ dialect: new PostgresDialect({ pool: createPool(options) }) })
}

/** Attempts of one transaction before its serialization failure is the caller's. */
const MAX_ATTEMPTS = 5

/**
 * Runs `body` in a transaction and again after a serialization failure or deadlock (at most five
 * times), so it must be safe to run twice: no change in memory inside it, use `tx.onCommit`. No
 * network I/O inside it either. A query on `tx` after the end throws. Called with an open
 * transaction it joins it: commit and retry are the outer one's.
 * @throws {DatabaseUnavailable} when the connection can't be had or breaks
 */
export async function transaction<Result>(
  db: Kysely<Schema> | Tx,
  body: (tx: Tx) => Promise<Result>,
  logger?: Logger,
): Promise<Result> {
  if (isOpen(db)) return await body(db)
  for (let attempt = 1; ; attempt++) {
    try {
      return await attemptOnce(db, body)
    } catch (error) {
      if (!isRetryable(error) || attempt === MAX_ATTEMPTS) throw error
      logger?.debug({ attempt }, 'a transaction is run again')
    }
  }
}

function isOpen(db: Kysely<Schema> | Tx): db is Tx {
  return db.isTransaction
}

async function attemptOnce<Result>(
  db: Kysely<Schema>,
  body: (tx: Tx) => Promise<Result>,
): Promise<Result> {
  const callbacks: (() => void)[] = []
  const result = await db.transaction().execute((transaction) => {
    const onCommit = (callback: () => void) => {
      callbacks.push(callback)
    }
    return body(Object.assign(transaction, { onCommit }))
  })
  for (const callback of callbacks) callback()
  return result
}
