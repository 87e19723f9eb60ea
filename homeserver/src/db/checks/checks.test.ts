import { sql, type Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { asOwner, withSettings } from '../../../test/harness/roles.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import type { Schema } from '../db.ts'
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

test('a role that may not create tables is refused with the grant', async () => {
  await using database = await testDatabase()
  await asOwner(
    database.url,
    'CREATE SCHEMA closed',
    'REVOKE ALL ON SCHEMA closed FROM current_user',
  )
  await using missing = withSettings(database.url, { search_path: 'nowhere' })
  await expect(checkPrivileges(missing)).rejects.toThrow(
    /may not create tables in the schema "public"\. Run GRANT USAGE, CREATE ON SCHEMA "public" TO/,
  )
})
