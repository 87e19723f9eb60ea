import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../../../test/harness/database.ts'
import { ARMS } from './arms.ts'

test('every table with a position is read by an arm of the tail', async () => {
  await using database = await testDatabase()
  const { rows } = await sql<{ name: string }>`
    SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = current_schema() AND column_name = 'pos' ORDER BY 1`.execute(database.db)
  const covered = ARMS.flatMap((arm) => arm.covers).sort()
  expect(rows.map((row) => row.name)).toEqual(covered)
})
