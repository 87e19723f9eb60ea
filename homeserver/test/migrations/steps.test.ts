import { sql, type Kysely } from 'kysely'
import { expect, test } from 'vitest'
import { createDb, type Schema } from '#db/db.ts'
import { migrate } from '#db/migrate.ts'
import { migrations, type Migration } from '#db/migrations/index.ts'
import { prepareDatabase } from '#db/prepare.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { TEST_SERVER_NAME, testDatabase } from '../harness/database.ts'
import { startTestServer } from '../harness/server.ts'
import { emptyDatabase, olderDatabase } from './fixture.ts'

const table: Migration = {
  name: '1_table',
  async up(db) {
    await sql`CREATE TABLE many (n int)`.execute(db)
    await sql`INSERT INTO many SELECT generate_series(1, 1000)`.execute(db)
  },
}

const index: Migration = {
  name: '2_index',
  concurrently: true,
  async up(db) {
    await sql`DROP INDEX CONCURRENTLY IF EXISTS many_n`.execute(db)
    await sql`CREATE UNIQUE INDEX CONCURRENTLY many_n ON many (n)`.execute(db)
  },
}

const isValid = async (db: Kysely<Schema>) => {
  const { rows } = await sql<{ valid: boolean }>`
    SELECT indisvalid AS valid FROM pg_index WHERE indexrelid = to_regclass('many_n')`.execute(db)
  return rows[0]?.valid
}

test('an index that is built concurrently and fails half-way is built by the next start', async () => {
  await using database = await emptyDatabase()
  const { db } = database
  await migrate(db, { clock, migrations: [table] })
  // what makes the building fail leaves an invalid index behind
  await sql`INSERT INTO many VALUES (7)`.execute(db)
  await expect(migrate(db, { clock, migrations: [table, index] })).rejects.toThrow(/many_n/)
  expect(await isValid(db)).toBe(false)
  await sql`DELETE FROM many WHERE ctid = (SELECT max(ctid) FROM many WHERE n = 7)`.execute(db)
  expect(await migrate(db, { clock, migrations: [table, index] })).toEqual(['2_index'])
  expect(await isValid(db)).toBe(true)
  expect(await migrate(db, { clock, migrations: [table, index] })).toEqual([])
})

test('two servers that upgrade the same old database at once apply each step once', async () => {
  await using old = await olderDatabase('schema-4')
  const other = createDb({ url: old.url, logger: createLogger('warn'), size: 2 })
  const options = { serverName: old.serverName, testMode: false, clock }
  const ran = await Promise.all([prepareDatabase(old.db, options), prepareDatabase(other, options)])
  await other.destroy()
  expect(ran.flat().toSorted()).toEqual(migrations.slice(4).map((step) => step.name))
})

test('two servers that build an index concurrently do not wait for each other for ever', async () => {
  await using database = await emptyDatabase()
  const other = createDb({ url: database.url, logger: createLogger('warn'), size: 2 })
  const both = { clock, migrations: [table, index] }
  const ran = await Promise.all([migrate(database.db, both), migrate(other, both)])
  await other.destroy()
  expect(ran.flat()).toEqual(['1_table', '2_index'])
  expect(await isValid(database.db)).toBe(true)
})

test('a build works on the schema of a newer one that only adds', async () => {
  await using database = await testDatabase()
  const { db } = database
  const newer: Migration = {
    name: '99999999_0000_newer',
    async up(connection) {
      await sql`ALTER TABLE rooms ADD COLUMN colour text`.execute(connection)
      await sql`CREATE TABLE colours (colour text PRIMARY KEY)`.execute(connection)
    },
  }
  await migrate(db, { clock, migrations: [...migrations, newer] })
  const options = { serverName: TEST_SERVER_NAME, testMode: false, clock }
  expect(await prepareDatabase(db, options)).toEqual([])
  await using server = await startTestServer({ databaseUrl: database.url })
  const alice = await server.user('alice')
  const sent = await alice.say(await alice.createRoom(), 'on a newer schema')
  expect(JSON.stringify(await alice.sync())).toContain(sent)
})

test('a newer schema that needs a newer build is refused, and stays as it is', async () => {
  await using database = await testDatabase()
  const { db } = database
  const version = migrations.length + 1
  await db
    .insertInto('schema_version')
    .values({ version, name: '99999999_0000_newer', compat: version, applied_ts: 1 })
    .execute()
  const options = { serverName: TEST_SERVER_NAME, testMode: false, clock }
  await expect(prepareDatabase(db, options)).rejects.toThrow(
    `needs a server that knows version ${version}; this one knows ${version - 1}`,
  )
})
