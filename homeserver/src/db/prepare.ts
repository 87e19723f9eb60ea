import { sql, type Kysely } from 'kysely'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import { checkPooler } from './checks/check-pooler.ts'
import { checkPrivileges } from './checks/check-privileges.ts'
import { checkServer } from './checks/check-server.ts'
import type { Schema } from './db.ts'
import { DatabaseRefused } from './errors.ts'
import { migrate } from './migrate.ts'

export interface PrepareOptions {
  readonly serverName: string
  /** The server runs in test mode; fixed for a database by its first start. */
  readonly testMode: boolean
  readonly clock: Clock
  /** Connections that this server process will hold. */
  readonly connections?: number
  readonly logger?: Logger
}

/**
 * Makes a database ready for this server: checks Postgres, refuses a database that belongs to
 * another server name or mode, migrates, and on first use writes the instance row.
 * @returns names of the migrations that ran
 * @throws {DatabaseRefused} with a sentence for the operator
 */
export async function prepareDatabase(
  db: Kysely<Schema>,
  options: PrepareOptions,
): Promise<string[]> {
  await checkServer(db, options.connections ?? 0, options.logger)
  await checkPooler(db)
  await checkPrivileges(db)
  return await migrate(db, {
    clock: options.clock,
    inspect: (connection, version) =>
      version === 0 ? requireEmpty(connection) : requireOwn(connection, options),
    async onCreate(tx) {
      await tx
        .insertInto('instance')
        .values({
          id: 1,
          server_name: options.serverName,
          created_ts: options.clock.now(),
          test_stamp: options.testMode,
        })
        .execute()
    },
  })
}

async function requireEmpty(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<{ name: string }>`
    SELECT relname AS name FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')
    ORDER BY relname LIMIT 1`.execute(db)
  const other = rows[0]?.name
  if (other === undefined) return
  throw new DatabaseRefused(
    `The database is not empty and was not made by Hearth (it has a table "${other}"). ` +
      'Give Hearth a database of its own.',
  )
}

async function requireOwn(db: Kysely<Schema>, options: PrepareOptions): Promise<void> {
  const row = await db.selectFrom('instance').selectAll().executeTakeFirst()
  if (row === undefined) {
    throw new DatabaseRefused('The database has lost its instance row; restore it from a backup.')
  }
  if (row.test_stamp && !options.testMode) {
    throw new DatabaseRefused(
      'The database was made in test mode and stays a test database for ever; ' +
        'start with an empty one.',
    )
  }
  if (!row.test_stamp && options.testMode) {
    throw new DatabaseRefused(
      'Test mode was asked for, but the database belongs to a normal server. ' +
        'Test mode needs an empty database.',
    )
  }
  if (row.server_name !== options.serverName) {
    throw new DatabaseRefused(
      `The database belongs to the server name "${row.server_name}", the configuration says ` +
        `"${options.serverName}". A server name can never change; correct server_name.`,
    )
  }
}
