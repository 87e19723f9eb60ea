import fc from 'fast-check'
import { Client } from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../../test/harness/database.ts'
import { textArray } from './text-array.ts'

let database: TestDatabase
let client: Client

beforeAll(async () => {
  database = await testDatabase()
  client = new Client({ connectionString: database.url })
  await client.connect()
})
afterAll(async () => {
  await client.end()
  await database[Symbol.asyncDispose]()
})

test('Postgres reads any texts as they are: quotes, NULL, emoji, the empty one and none', async () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0')),
    fc.constantFrom('a"b', 'c\\d', 'NULL', '{x,y}', '', '😀"\n'),
  )
  const texts = fc.array(fc.option(text, { nil: undefined }))
  await fc.assert(
    fc.asyncProperty(texts, async (values) => {
      const { rows } = await client.query('SELECT to_json($1::text[]) AS texts', [
        textArray(values),
      ])
      expect(rows[0].texts).toEqual(values.map((value) => value ?? null))
    }),
  )
})
