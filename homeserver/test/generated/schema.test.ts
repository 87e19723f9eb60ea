import { expect, test } from 'vitest'
import { testDatabase } from '../harness/database.ts'
import { schemaSource } from './schema-source.ts'

// When it fails after a migration was added: vitest run test/generated -u
test('src/db/schema.gen.ts is what the migrations make', async () => {
  await using database = await testDatabase()
  await expect(await schemaSource(database.db)).toMatchFileSnapshot('../../src/db/schema.gen.ts')
})
