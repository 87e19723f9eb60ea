import { sql, type Kysely } from 'kysely'
import type { Clock } from '#platform/clock.ts'
import { DatabaseRefused } from './errors.ts'
import type { Schema } from './db.ts'
import { installFunctions } from './functions/index.ts'
import { migrations as allMigrations, type Migration } from './migrations/index.ts'

/** Any fixed number: one server migrates, the others wait for it. */
const MIGRATION_LOCK = 0x48656172

export interface MigrateOptions {
  readonly clock: Clock
  readonly migrations?: readonly Migration[]
  /** Called under the lock before anything changes; `version` is 0 for a new database. Throw to refuse. */
  inspect?(db: Kysely<Schema>, version: number): Promise<void>
  /** Called in the transaction of the very first step, so that no database exists without it. */
  onCreate?(db: Kysely<Schema>): Promise<void>
}

/**
 * Brings the schema up to this server's version, under an advisory lock, and returns the names of
 * the applied steps.
 * @throws {DatabaseRefused} when a newer, incompatible server or a different branch was here
 */
export async function migrate(db: Kysely<Schema>, options: MigrateOptions): Promise<string[]> {
  const migrations = options.migrations ?? allMigrations
  return await db.connection().execute(async (connection) => {
    await takeLock(connection, options.clock)
    try {
      const version = await currentVersion(connection, migrations)
      await options.inspect?.(connection, version)
      for (const [index, step] of migrations.entries()) {
        if (index >= version) await apply(connection, step, index + 1, options)
      }
      if (options.migrations === undefined) await installFunctions(connection)
      return migrations.slice(version).map((step) => step.name)
    } finally {
      await sql`SELECT pg_advisory_unlock(${MIGRATION_LOCK})`.execute(connection)
    }
  })
}

const LOCK_POLL_MS = 50

/**
 * Asks again and again instead of waiting inside a statement: that would hold a snapshot, for whose end
 * `CREATE INDEX CONCURRENTLY` of the holder waits in turn.
 */
async function takeLock(db: Kysely<Schema>, clock: Clock): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ taken: boolean }>`
      SELECT pg_try_advisory_lock(${MIGRATION_LOCK}) AS taken`.execute(db)
    if (rows[0]?.taken === true) return
    await clock.sleep(LOCK_POLL_MS)
  }
}

/** Number of steps that the database has; 0 for a new one. */
async function currentVersion(
  db: Kysely<Schema>,
  migrations: readonly Migration[],
): Promise<number> {
  const { rows } = await sql<{ exists: boolean }>`
    SELECT to_regclass('schema_version') IS NOT NULL AS exists`.execute(db)
  if (rows[0]?.exists !== true) return 0
  const applied = await db.selectFrom('schema_version').selectAll().orderBy('version').execute()
  for (const [index, step] of applied.entries()) {
    const ours = migrations[index]
    if (ours !== undefined && ours.name !== step.name) {
      throw new DatabaseRefused(
        `The database was migrated by a different build: its schema step ${step.version} is ` +
          `${step.name}, this server's is ${ours.name}. Use the build that made it.`,
      )
    }
  }
  const compat = applied.at(-1)?.compat ?? 0
  if (compat > migrations.length) {
    throw new DatabaseRefused(
      `The database has schema version ${applied.length}, which needs a server that knows ` +
        `version ${compat}; this one knows ${migrations.length}. Install the newer Hearth again.`,
    )
  }
  return applied.length
}

async function apply(
  db: Kysely<Schema>,
  step: Migration,
  version: number,
  options: MigrateOptions,
): Promise<void> {
  if (step.concurrently === true) {
    await step.up(db)
    await record(db, step, version, options.clock)
    return
  }
  await db.transaction().execute(async (tx) => {
    if (version === 1) await createVersionTable(tx)
    await step.up(tx)
    await record(tx, step, version, options.clock)
    if (version === 1) await options.onCreate?.(tx)
  })
}

async function createVersionTable(db: Kysely<Schema>): Promise<void> {
  await sql`
    CREATE TABLE schema_version (
      version integer PRIMARY KEY,
      name text COLLATE "C" NOT NULL UNIQUE,
      compat integer NOT NULL,
      applied_ts bigint NOT NULL
    )`.execute(db)
}

async function record(
  db: Kysely<Schema>,
  step: Migration,
  version: number,
  clock: Clock,
): Promise<void> {
  const last = await db
    .selectFrom('schema_version')
    .select('compat')
    .orderBy('version', 'desc')
    .executeTakeFirst()
  await db
    .insertInto('schema_version')
    .values({
      version,
      name: step.name,
      compat: step.compat ?? last?.compat ?? 1,
      applied_ts: clock.now(),
    })
    .execute()
}
