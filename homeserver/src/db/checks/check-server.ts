import { sql, type Kysely } from 'kysely'
import type { Logger } from '#platform/logger.ts'
import type { Schema } from '../db.ts'
import { DatabaseRefused } from '../errors.ts'

const OLDEST_POSTGRES = 15

interface Settings {
  readonly version: number
  readonly text: string
  readonly encoding: string
  readonly standby: boolean
  readonly read_only: boolean
  readonly fsync: boolean
  readonly full_page_writes: boolean
  readonly synchronous_commit: boolean
  readonly free: number
}

/**
 * Judges the Postgres server: version, encoding, whether it can be written, how many connections it
 * gives. Settings that risk data are the operator's to choose, but not in silence.
 * @param needed connections of this server process
 * @throws {DatabaseRefused} with what to run
 */
export async function checkServer(
  db: Kysely<Schema>,
  needed: number,
  logger: Logger | undefined,
): Promise<void> {
  const { rows } = await sql<Settings>`
    SELECT current_setting('server_version_num')::int AS version,
      current_setting('server_version') AS text,
      current_setting('server_encoding') AS encoding,
      pg_is_in_recovery() AS standby,
      current_setting('transaction_read_only') = 'on' AS read_only,
      current_setting('fsync') <> 'off' AS fsync,
      current_setting('full_page_writes') <> 'off' AS full_page_writes,
      current_setting('synchronous_commit') <> 'off' AS synchronous_commit,
      least(
        current_setting('max_connections')::int
          - current_setting('superuser_reserved_connections')::int
          - coalesce(current_setting('reserved_connections', true), '0')::int,
        (SELECT nullif(rolconnlimit, -1) FROM pg_roles WHERE rolname = current_user),
        (SELECT nullif(datconnlimit, -1) FROM pg_database WHERE datname = current_database())
      ) AS free`.execute(db)
  const [found] = rows
  if (found === undefined) throw new TypeError('the server told nothing')
  const sentence = refusal(found, needed)
  if (sentence !== undefined) throw new DatabaseRefused(sentence)
  for (const risk of risks(found)) logger?.warn(risk)
}

function refusal(found: Settings, needed: number): string | undefined {
  if (found.version < OLDEST_POSTGRES * 10_000) {
    return `Hearth needs Postgres ${OLDEST_POSTGRES} or later; the configured server is Postgres ${found.text}.`
  }
  if (found.encoding !== 'UTF8') {
    return (
      `The database's encoding is ${found.encoding}; Hearth needs UTF8. Create it with ` +
      `CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0.`
    )
  }
  if (found.standby) {
    return (
      'The configured Postgres is a standby, which only reads. Name the primary in database.url, or ' +
      'make this one the primary with SELECT pg_promote().'
    )
  }
  if (found.read_only) {
    return (
      'Every transaction on the database is read-only. Run ' +
      'ALTER ROLE … IN DATABASE … SET default_transaction_read_only = off.'
    )
  }
  if (found.free >= needed) return undefined
  return (
    `Postgres gives this role at most ${found.free} connections; this server needs ${needed}. Raise ` +
    'max_connections (ALTER SYSTEM SET max_connections = …, then restart Postgres) or the CONNECTION ' +
    'LIMIT of role or database, or lower database.pool_size.'
  )
}

function risks(found: Settings): string[] {
  return [
    ...(found.fsync ? [] : ['fsync is off in Postgres: a power cut can destroy the database']),
    ...(found.full_page_writes
      ? []
      : ['full_page_writes is off in Postgres: a power cut can leave torn pages']),
    ...(found.synchronous_commit
      ? []
      : ['synchronous_commit is off in Postgres: a crash loses messages that were acknowledged']),
  ]
}
