import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { ok, text, type TestUser } from '../harness/user.ts'

let server: TestServer
let alice: TestUser
beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const PATH = '/user/@alice:test.example/filter'

test('a filter is stored and comes back as it was', async () => {
  const filter = {
    room: { timeline: { limit: 10, types: ['m.room.message'] } },
    event_format: 'client',
    'org.example.kept': { nul: '\0' },
  }
  const id = text(ok(await alice.call('POST', PATH, filter)), 'filter_id')
  expect(id).toMatch(/^\d+$/)
  expect(ok(await alice.call('GET', `${PATH}/${id}`))).toEqual(filter)
  expect(ok(await alice.call('POST', PATH, filter))).toEqual({ filter_id: id })
})

test('filters are private', async () => {
  const bob = await server.user('bob')
  const id = text(ok(await alice.call('POST', PATH, {})), 'filter_id')
  expect((await bob.call('GET', `${PATH}/${id}`)).status).toBe(403)
  expect((await bob.call('POST', PATH, {})).status).toBe(403)
  expect((await bob.call('GET', `/user/${bob.userId}/filter/${id}`)).status).toBe(404)
})

test.each([
  [{ room: 'x' }, 'M_BAD_JSON'],
  [{ room: { rooms: ['not a room'] } }, 'M_INVALID_PARAM'],
  [{ room: { timeline: { limit: '10' } } }, 'M_BAD_JSON'],
  [{ room: { timeline: { limit: -1 } } }, 'M_INVALID_PARAM'],
  [{ presence: { senders: ['not a user'] } }, 'M_INVALID_PARAM'],
  [{ event_format: 'xml' }, 'M_INVALID_PARAM'],
  [[], 'M_BAD_JSON'],
])('the filter %j is refused', async (filter, errcode) => {
  expect(await alice.call('POST', PATH, filter)).toMatchObject({ status: 400, body: { errcode } })
})

test.each(['0', 'x', '99999999999999999999', '-1'])('there is no filter %s', async (id) => {
  expect(await alice.call('GET', `${PATH}/${id}`)).toMatchObject({
    status: 404,
    body: { errcode: 'M_NOT_FOUND' },
  })
})
