import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, text, type TestUser } from '../harness/user.ts'
import { joined } from './reader.ts'

let server: TestServer
let alice: TestUser
let room: string

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  room = await alice.createRoom()
})
afterAll(() => server[Symbol.asyncDispose]())

test.each(['nonsense', 's1', 't5_7', 's1_2_x', '-1'])('a since of %s is refused', async (since) => {
  const answer = await alice.call('GET', `/sync?since=${since}`)
  expect(answer.status).toBe(400)
  expect(at(answer.body, 'errcode')).toBe('M_INVALID_PARAM')
})

test('a token from the future gets a full answer, from which all goes on', async () => {
  const { next_batch: now } = await (async () => ({
    next_batch: text(await alice.sync(), 'next_batch'),
  }))()
  const future = now.replace(/_(\d+)/, (_, pos: string) => `_${Number(pos) + 1000}`)
  const answer = await alice.sync({ since: future })
  expect(at(joined(answer, room), 'summary', 'm.joined_member_count')).toBe(1)
  expect(text(answer, 'next_batch')).toBe(now)
})

test('a token of another database gets a full answer', async () => {
  const token = text(await alice.sync(), 'next_batch').replace(/^s\d+/, 's999')
  expect(joined(await alice.sync({ since: token }), room)).toBeDefined()
})

test('an unknown filter is refused, an inline one and a stored one are the same', async () => {
  const unknown = await alice.call('GET', '/sync?filter=12345')
  expect([unknown.status, at(unknown.body, 'errcode')]).toEqual([400, 'M_INVALID_PARAM'])
  const filter = { room: { timeline: { limit: 1 } } }
  const path = `/user/${encodeURIComponent(alice.userId)}/filter`
  const stored = text((await alice.call('POST', path, filter)).body, 'filter_id')
  const inline = await alice.sync({ filter: JSON.stringify(filter) })
  const byId = await alice.sync({ filter: stored })
  const ids = (answer: unknown) => at(joined(answer, room), 'timeline', 'events', 0, 'event_id')
  expect(ids(byId)).toBe(ids(inline))
  expect(at(joined(byId, room), 'timeline', 'events', 1)).toBeUndefined()
})
