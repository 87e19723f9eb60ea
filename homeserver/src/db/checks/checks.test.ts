import { sql, type Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { asOwner, asStranger, withSettings } from '../../../test/harness/roles.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { startTransactionPooler } from '../../../test/harness/transaction-pooler.ts'
import { createLogger } from '#platform/logger.ts'
import { createDb, type Schema } from '../db.ts'
import { checkPooler } from './check-pooler.ts'
import { checkPrivileges } from './check-privileges.ts'
import { checkServer } from './check-server.ts'

const nameOf = async (db: Kysely<Schema>) => {
  const { rows } = await sql<{ name: string }>`SELECT current_database() AS name`.execute(db)
  return rows[0]?.name ?? ''
}

test('a server in order passes every check', async () => {
  await using database = await testDatabase()
  await checkServer(database.db, 10, undefined)
  await checkPrivileges(database.db)
  await checkPooler(database.db)
})

test('too few connections are told with what to raise', async () => {
  await using database = await testDatabase()
  await expect(checkServer(database.db, 100_000, undefined)).rejects.toThrow(
    /at most \d+ connections; this server needs 100000\. Raise max_connections/,
  )
  await asOwner(database.url, `ALTER DATABASE ${await nameOf(database.db)} CONNECTION LIMIT 7`)
  await expect(checkServer(database.db, 8, undefined)).rejects.toThrow(/at most 7 connections/)
})

test('a database that only reads is refused', async () => {
  await using database = await testDatabase()
  await using db = withSettings(database.url, { default_transaction_read_only: 'on' })
  await expect(checkServer(db, 1, undefined)).rejects.toThrow(/is read-only\. Run ALTER ROLE/)
})

test('settings that risk acknowledged messages are said, not forbidden', async () => {
  await using database = await testDatabase()
  await using db = withSettings(database.url, { synchronous_commit: 'off' })
  const said: string[] = []
  const note = (text: unknown) => void said.push(String(text))
  const silent = () => {}
  const logger = { trace: silent, debug: silent, info: silent, error: silent, warn: note }
  await checkServer(db, 1, { ...logger, child: () => ({ ...logger, child: () => unused() }) })
  expect(said.join()).toContain('synchronous_commit is off in Postgres')
})

function unused(): never {
  throw new Error('no check names a child logger')
}

test('a schema that is not there is told like one that may not be used', async () => {
  await using database = await testDatabase()
  await using missing = withSettings(database.url, { search_path: 'nowhere' })
  await expect(checkPrivileges(missing)).rejects.toThrow(
    /may not create tables in the schema "public"/,
  )
})

test('what a role lacks is told with the statement that grants it, one after the other', async () => {
  await using database = await testDatabase()
  const { adminUrl } = database
  await using stranger = await asStranger(database)
  const { role } = stranger
  const grant = `GRANT USAGE, CREATE ON SCHEMA "public" TO "${role}";`
  await expect(checkPrivileges(stranger)).rejects.toThrow(grant)
  await asOwner(adminUrl, grant)

  await expect(checkPrivileges(stranger)).rejects.toThrow(
    /The table "\w+" belongs to the role "\w+", which "\w+" is no member of\. Run REASSIGN OWNED/,
  )
  await asOwner(
    adminUrl,
    `DO $$ DECLARE t text; BEGIN
      FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('ALTER TABLE %I OWNER TO ${role}', t);
      END LOOP; END $$`,
  )
  await checkPrivileges(stranger)

  await asOwner(adminUrl, 'REVOKE EXECUTE ON FUNCTION pg_control_system() FROM PUBLIC')
  const execute = `GRANT EXECUTE ON FUNCTION pg_catalog.pg_control_system() TO "${role}";`
  await expect(checkPrivileges(stranger)).rejects.toThrow(execute)
  await asOwner(adminUrl, execute)
  await checkPrivileges(stranger)
  await asOwner(adminUrl, `REASSIGN OWNED BY ${role} TO current_user`)
})

test('a pooler that lends its connections for one transaction is refused', async () => {
  await using database = await testDatabase()
  await using pooler = await startTransactionPooler(database.url)
  const db = createDb({ url: pooler.url, logger: createLogger('silent'), size: 2 })
  await expect(checkPooler(db)).rejects.toThrow(
    /pooler in transaction mode.*set pool_mode = session/,
  )
  await db.destroy()
})
