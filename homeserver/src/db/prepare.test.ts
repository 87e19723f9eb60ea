import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { systemClock as clock } from '#platform/clock.ts'
import { TEST_SERVER_NAME, testDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { DatabaseRefused } from './errors.ts'
import { migrate } from './migrate.ts'
import { migrations, type Migration } from './migrations/index.ts'
import { prepareDatabase } from './prepare.ts'

const normal = { serverName: TEST_SERVER_NAME, testMode: false, clock }

async function emptyDatabase(): Promise<TestDatabase> {
  const database = await testDatabase()
  await sql`DROP SCHEMA public CASCADE`.execute(database.db)
  await sql`CREATE SCHEMA public`.execute(database.db)
  return database
}

test('a first start migrates everything and records whose database it is', async () => {
  await using database = await emptyDatabase()
  const options = { serverName: 'hs1', testMode: true, clock }
  expect(await prepareDatabase(database.db, options)).toHaveLength(migrations.length)
  expect(await database.db.selectFrom('instance').selectAll().execute()).toMatchObject([
    { server_name: 'hs1', test_stamp: true },
  ])
  expect(await prepareDatabase(database.db, options)).toEqual([])
})

test('servers that start together migrate once', async () => {
  await using database = await emptyDatabase()
  const ran = await Promise.all([1, 2, 3].map(() => prepareDatabase(database.db, normal)))
  expect(ran.flat()).toHaveLength(migrations.length)
})

test('refuses a database of another server name', async () => {
  await using database = await testDatabase()
  const other = prepareDatabase(database.db, { ...normal, serverName: 'other.example' })
  await expect(other).rejects.toThrow(/belongs to the server name "test.example"/)
})

test('refuses a test database in normal mode', async () => {
  await using database = await emptyDatabase()
  await prepareDatabase(database.db, { ...normal, testMode: true })
  await expect(prepareDatabase(database.db, normal)).rejects.toThrow(/made in test mode/)
})

test("refuses a normal server's database in test mode", async () => {
  await using database = await testDatabase()
  const asTest = prepareDatabase(database.db, { ...normal, testMode: true })
  await expect(asTest).rejects.toThrow(/Test mode was asked for/)
})

test.each([true, false])('refuses a database with foreign tables (test mode %s)', async (mode) => {
  await using database = await emptyDatabase()
  await sql`CREATE TABLE wordpress (id int)`.execute(database.db)
  const start = prepareDatabase(database.db, { ...normal, testMode: mode })
  await expect(start).rejects.toThrow(/not empty.*"wordpress"/)
})

test('refuses an encoding other than UTF8', async () => {
  await using database = await testDatabase()
  await sql`CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' LOCALE_PROVIDER libc TEMPLATE template0`
    .execute(database.db)
    .catch(() => undefined)
  const url = new URL(database.url)
  url.pathname = 'latin'
  const { createDb } = await import('./db.ts')
  const { createLogger } = await import('#platform/logger.ts')
  const latin = createDb({ url: url.href, logger: createLogger('silent') })
  await expect(prepareDatabase(latin, normal)).rejects.toThrow(/encoding is LATIN1/)
  await latin.destroy()
})

const step = (name: string, compat?: number): Migration => ({
  name,
  ...(compat !== undefined && { compat }),
  async up(db) {
    await sql`CREATE TABLE ${sql.id(name)} (id int)`.execute(db)
  },
})

test('works on a newer schema that says it is compatible, and refuses one that is not', async () => {
  await using database = await emptyDatabase()
  const older = [step('a'), step('b')]
  await migrate(database.db, { clock, migrations: [...older, step('c')] })
  expect(await migrate(database.db, { clock, migrations: older })).toEqual([])
  await migrate(database.db, { clock, migrations: [...older, step('c'), step('d', 4)] })
  await expect(migrate(database.db, { clock, migrations: older })).rejects.toThrow(DatabaseRefused)
  await expect(migrate(database.db, { clock, migrations: older })).rejects.toThrow(
    /needs a server that knows version 4; this one knows 2/,
  )
})

test('refuses a schema that another branch made', async () => {
  await using database = await emptyDatabase()
  await migrate(database.db, { clock, migrations: [step('a'), step('x')] })
  const ours = migrate(database.db, { clock, migrations: [step('a'), step('b')] })
  await expect(ours).rejects.toThrow(/different build/)
})

test('a step that fails leaves no trace, and the next start runs it', async () => {
  await using database = await emptyDatabase()
  const failing: Migration = {
    name: 'b',
    async up(db) {
      await sql`CREATE TABLE half (id int)`.execute(db)
      throw new Error('power cut')
    },
  }
  const first = migrate(database.db, { clock, migrations: [step('a'), failing] })
  await expect(first).rejects.toThrow('power cut')
  expect(await migrate(database.db, { clock, migrations: [step('a'), step('b')] })).toEqual(['b'])
})
