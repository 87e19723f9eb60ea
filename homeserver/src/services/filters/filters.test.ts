import { expect, test } from 'vitest'
import type { JsonObject } from '#matrix/json.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { accountServices } from '../accounts/test-support/account-services.ts'
import { createFilters } from './index.ts'

async function setUp() {
  const database = await testDatabase()
  const { accounts } = accountServices(database.db)
  const [alice, bob] = [
    await accounts.create({ localpart: 'alice', password: 'correct horse' }),
    await accounts.create({ localpart: 'bob', password: 'correct horse' }),
  ]
  const filters = createFilters({ db: database.db, log: { onReset: () => () => {} } })
  return { alice, bob, filters, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
}

const FILTER: JsonObject = { room: { timeline: { limit: 10 }, state: { lazy_load_members: true } } }

test('a stored filter comes back by a numeric id, parsed and as it was', async () => {
  await using server = await setUp()
  const id = await server.filters.add(server.alice.key, { ...FILTER, 'org.example': [1] })
  expect(id).toMatch(/^\d+$/)
  expect(await server.filters.get(server.alice.key, id)).toEqual(FILTER)
  expect(await server.filters.get(server.alice.key, id)).toEqual(FILTER)
  const text = await server.filters.definition(server.alice.key, id)
  expect(JSON.parse(text ?? '')).toEqual({ ...FILTER, 'org.example': [1] })
})

test('the same filter keeps its id, a different one gets another', async () => {
  await using server = await setUp()
  const add = (filter: JsonObject) => server.filters.add(server.alice.key, filter)
  const ids = await Promise.all([add(FILTER), add(FILTER), add({})])
  expect(new Set(ids).size).toBe(2)
})

test('a filter belongs to its user', async () => {
  await using server = await setUp()
  const id = await server.filters.add(server.alice.key, FILTER)
  expect(await server.filters.get(server.bob.key, id)).toBeUndefined()
})

test.each(['', 'x', '{}', '-1', '1e3', '99999999999999999999', '\0'])(
  'there is no filter %j',
  async (id) => {
    await using server = await setUp()
    expect(await server.filters.get(server.alice.key, id)).toBeUndefined()
  },
)

test.each([
  '{',
  '[]',
  'null',
  '{"room":1}',
  '{"room":{"timeline":{"limit":-1}}}',
  '{"room":{"state":{"limit":0}}}',
  '{"room":{"timeline":{"limit":1.5}}}',
  '{"room":{"rooms":["not a room"]}}',
  '{"event_format":"other"}',
  '{"presence":{"senders":["alice"]}}',
])('the inline filter %s is refused', async (json) => {
  await using server = await setUp()
  expect(() => server.filters.parse(json)).toThrow(
    expect.objectContaining({ status: 400, errcode: 'M_INVALID_PARAM' }),
  )
})
