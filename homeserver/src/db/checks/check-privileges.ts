import { sql, type Kysely } from 'kysely'
import type { Schema } from '../db.ts'
import { DatabaseRefused } from '../errors.ts'

/** Built-in functions that some administrators take from PUBLIC, and what Hearth does with them. */
const FUNCTIONS = [
  ['pg_control_system()', 'to notice a restored or replaced database'],
  ['pg_current_wal_lsn()', 'to notice a failover'],
  ['pg_walfile_name(pg_lsn)', 'to notice a failover'],
  ['pg_terminate_backend(integer, bigint)', 'to end its own lost connections'],
  ['pg_try_advisory_lock(bigint)', 'to migrate alone'],
  ['pg_advisory_lock_shared(bigint)', 'to count its workers'],
  ['pg_advisory_xact_lock(bigint)', 'to order the log'],
  ['pg_try_advisory_xact_lock(bigint)', 'to know whether it runs alone'],
  ['pg_notify(text, text)', 'to wake other workers'],
] as const

interface Rights {
  readonly role: string
  readonly schema: string | null
  readonly may_create: boolean | null
  readonly foreign_table: string | null
  readonly foreign_owner: string | null
}

/**
 * Judges what the role may do in the database. Postgres 15 took CREATE in the schema `public` from
 * everybody, so a role that is not the database's owner lacks it.
 * @throws {DatabaseRefused} with the statement that an administrator has to run
 */
export async function checkPrivileges(db: Kysely<Schema>): Promise<void> {
  const { rows } = await sql<Rights>`
    SELECT current_user AS role, current_schema() AS schema,
      has_schema_privilege(current_schema(), 'CREATE') AS may_create,
      t.tablename AS foreign_table, t.tableowner AS foreign_owner
    FROM (SELECT 1) one
    LEFT JOIN LATERAL (
      SELECT tablename, tableowner FROM pg_tables
      WHERE schemaname = current_schema() AND NOT pg_has_role(tableowner, 'USAGE')
      ORDER BY tablename LIMIT 1) t ON true`.execute(db)
  const [found] = rows
  if (found === undefined) throw new TypeError('the server told nothing')
  const { role, schema } = found
  if (schema === null || found.may_create !== true) {
    const name = schema ?? 'public'
    throw new DatabaseRefused(
      `The role "${role}" may not create tables in the schema "${name}". Run ` +
        `GRANT USAGE, CREATE ON SCHEMA ${quoted(name)} TO ${quoted(role)}; in the database, or make the role its owner.`,
    )
  }
  if (found.foreign_table !== null) {
    throw new DatabaseRefused(
      `The table "${found.foreign_table}" belongs to the role "${found.foreign_owner}", which ` +
        `"${role}" is no member of. Run REASSIGN OWNED BY ${quoted(found.foreign_owner ?? '')} TO ${quoted(role)}; in the database.`,
    )
  }
  await checkFunctions(db, role)
}

async function checkFunctions(db: Kysely<Schema>, role: string): Promise<void> {
  const names = sql.join(FUNCTIONS.map(([name]) => sql`${name}`))
  const { rows } = await sql<{ name: string }>`
    SELECT name FROM unnest(ARRAY[${names}]::text[]) name
    WHERE NOT has_function_privilege('pg_catalog.' || name, 'EXECUTE')`.execute(db)
  const lacking = rows[0]?.name
  const known = FUNCTIONS.find(([name]) => name === lacking)
  if (known === undefined) return
  throw new DatabaseRefused(
    `The role "${role}" may not call ${known[0]}, which Hearth needs ${known[1]}. Run ` +
      `GRANT EXECUTE ON FUNCTION pg_catalog.${known[0]} TO ${quoted(role)}; in the database.`,
  )
}

const quoted = (name: string) => `"${name.replaceAll('"', '""')}"`
