import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { installFunctions, ownFunctions } from './index.ts'

const FOREIGN = 'another build'

/** Makes the database look as if a build with other functions had been the last. */
async function pretend(database: TestDatabase, version: number): Promise<void> {
  await sql`DROP FUNCTION hs_check_epoch()`.execute(database.db)
  await sql`CREATE FUNCTION hs_check_epoch() RETURNS text LANGUAGE sql
    AS 'SELECT ''another build'''`.execute(database.db)
  await database.db
    .updateTable('schema_functions')
    .set({ version, fingerprint: FOREIGN })
    .executeTakeFirstOrThrow()
}

async function checkEpoch(database: TestDatabase): Promise<unknown> {
  const { rows } = await sql<{ found: unknown }>`SELECT hs_check_epoch() AS found`.execute(
    database.db,
  )
  return rows[0]?.found
}

test('the version of the functions belongs to their text: who changes it raises the version', () => {
  expect(ownFunctions).toEqual({
    version: 11,
    fingerprint: 'ya8jwSbTLAqy8rHVRfS4axMA3t1IyREIg9tRtd1pHbE',
  })
})

test('functions of an older build are replaced, even where their results differ', async () => {
  await using database = await testDatabase()
  await pretend(database, ownFunctions.version - 1)
  await installFunctions(database.db)
  expect(await checkEpoch(database)).toBe(1)
  const row = await database.db.selectFrom('schema_functions').selectAll().executeTakeFirst()
  expect(row).toEqual({ id: 1, ...ownFunctions })
})

test('functions of a newer build stay, though its tables are the same', async () => {
  await using database = await testDatabase()
  await pretend(database, ownFunctions.version + 1)
  await installFunctions(database.db)
  expect(await checkEpoch(database)).toBe(FOREIGN)
})
