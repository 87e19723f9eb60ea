import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRateLimiter } from '#policies/rate-limiter.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom } from '../rooms/room-paths.ts'
import { adminOn } from '../server-administration/admin.ts'

let server: TestServer
let admin: TestUser
let alice: TestUser
let bob: TestUser
let room: string
let event: string

beforeAll(async () => {
  server = await startTestServer()
  admin = await adminOn(server)
  alice = await server.user('alice')
  bob = await server.user('bob')
  room = await alice.createRoom({ preset: 'public_chat' })
  event = await alice.say(room, 'rude')
  await bob.join(room)
})
afterAll(() => server[Symbol.asyncDispose]())

const UNKNOWN_ROOM = '!unknown:test.example'
const REPORTS = '/_synapse/admin/v1/reports'
const reports = (query = '', token = admin.token) =>
  server.request('GET', REPORTS + query, { token })

const reportUser = (reporter: TestUser, userId: string, body: unknown) =>
  reporter.call('POST', `/users/${encodeURIComponent(userId)}/report`, body)

test('what users report is listed to administrators, the newest first', async () => {
  const stranger = await server.user('stranger')
  expect(ok(await stranger.call('POST', inRoom(room, 'report'), { reason: 'spam' }))).toEqual({})
  expect(ok(await bob.call('POST', inRoom(room, 'report', event), { reason: 'rude' }))).toEqual({})
  expect(ok(await reportUser(stranger, alice.userId, { reason: '' }))).toEqual({})
  const common = { id: expect.any(Number), received_ts: expect.any(Number) }
  expect(list(ok(await reports('?limit=3')), 'reports')).toEqual([
    { ...common, kind: 'user', reporter: stranger.userId, user_id: alice.userId, reason: '' },
    {
      ...common,
      kind: 'event',
      reporter: bob.userId,
      room_id: room,
      event_id: event,
      reason: 'rude',
    },
    { ...common, kind: 'room', reporter: stranger.userId, room_id: room, reason: 'spam' },
  ])
})

test('the list has pages, and can be of one kind', async () => {
  const reporter = await server.user('reporter')
  const ids = [await alice.say(room, '1'), await alice.say(room, '2'), await alice.say(room, '3')]
  await reporter.join(room)
  for (const id of ids) ok(await reporter.call('POST', inRoom(room, 'report', id), {}))
  ok(await reporter.call('POST', inRoom(room, 'report'), { reason: 'x' }))
  const seen: unknown[] = []
  let from = ''
  for (let page = 0; page < 10; page++) {
    const body = ok(await reports(`?kind=event&limit=2${from}`))
    const found = list(body, 'reports')
    expect(found.length).toBeLessThanOrEqual(2)
    seen.push(...found.map((report) => at(report, 'event_id')))
    const next = at(body, 'next_token')
    if (typeof next !== 'string') break
    from = `&from=${next}`
  }
  expect(seen.slice(0, 3)).toEqual(ids.toReversed())
  expect(new Set(seen).size).toBe(seen.length)
})

test('only administrators read reports', async () => {
  expectError(await reports('', alice.token), 403, 'M_FORBIDDEN')
  expectError(await server.request('GET', REPORTS), 401, 'M_MISSING_TOKEN')
})

test.each(['?limit=0', '?limit=-1', '?limit=x', '?from=x', '?kind=message'])(
  'the list %s is refused',
  async (query) => {
    expectError(await reports(query), 400, 'M_INVALID_PARAM')
  },
)

test('who reports the same again says it better, and fills no table', async () => {
  const dan = await server.user('dan')
  for (const reason of ['first', 'second']) {
    ok(await dan.call('POST', inRoom(room, 'report'), { reason }))
  }
  const mine = list(ok(await reports('?kind=room')), 'reports').filter(
    (report) => at(report, 'reporter') === dan.userId,
  )
  expect(mine).toMatchObject([{ reason: 'second' }])
})

describe('an event', () => {
  const report = (reporter: TestUser, roomId: string, eventId: string) =>
    reporter.call('POST', inRoom(roomId, 'report', eventId), { reason: 'x' })

  test('is reported by members only, and by those who left no more', async () => {
    const carol = await server.user('carol')
    expectError(await report(carol, room, event), 404, 'M_NOT_FOUND')
    await carol.join(room)
    ok(await report(carol, room, event))
    await carol.leave(room)
    expectError(await report(carol, room, event), 404, 'M_NOT_FOUND')
  })

  test('of another room is not found through this one, nor is one that is not there', async () => {
    const other = await bob.createRoom()
    expectError(await report(bob, other, event), 404, 'M_NOT_FOUND')
    expectError(await report(bob, room, `$${'A'.repeat(43)}`), 404, 'M_NOT_FOUND')
    expectError(await report(bob, UNKNOWN_ROOM, event), 404, 'M_NOT_FOUND')
    expectError(await report(bob, room, 'event'), 400, 'M_INVALID_PARAM')
  })

  test('that the reporter may not see is not found', async () => {
    const quiet = await alice.createRoom({
      preset: 'public_chat',
      initial_state: [
        { type: 'm.room.history_visibility', content: { history_visibility: 'joined' } },
      ],
    })
    const hidden = await alice.say(quiet, 'before')
    await bob.join(quiet)
    expectError(await report(bob, quiet, hidden), 404, 'M_NOT_FOUND')
  })

  test('needs a body but no reason', async () => {
    ok(await bob.call('POST', inRoom(room, 'report', event), {}))
    expectError(await bob.call('POST', inRoom(room, 'report', event)), 400, 'M_NOT_JSON')
  })
})

test('unknown rooms and users are not found', async () => {
  const path = inRoom(UNKNOWN_ROOM, 'report')
  expectError(await bob.call('POST', path, { reason: 'x' }), 404, 'M_NOT_FOUND')
  expectError(await reportUser(bob, '@nobody:test.example', { reason: 'x' }), 404, 'M_NOT_FOUND')
  expectError(await reportUser(bob, '@nobody:other.example', { reason: 'x' }), 404, 'M_NOT_FOUND')
  expectError(await reportUser(bob, 'nobody', { reason: 'x' }), 400, 'M_INVALID_PARAM')
})

test('reports need a token', async () => {
  for (const path of [
    inRoom(room, 'report'),
    inRoom(room, 'report', event),
    '/users/@a:b/report',
  ]) {
    const answer = await server.request('POST', `/_matrix/client/v3${path}`, { body: {} })
    expectError(answer, 401, 'M_MISSING_TOKEN')
  }
})

test.each([
  [{}, 400, 'M_MISSING_PARAM'],
  [{ reason: 1 }, 400, 'M_BAD_JSON'],
  [{ reason: null }, 400, 'M_BAD_JSON'],
  [{ reason: 'a\0b' }, 400, 'M_INVALID_PARAM'],
  [{ reason: 'x'.repeat(20_000) }, 413, 'M_TOO_LARGE'],
] as const)('the report %.40j is refused', async (body, status, errcode) => {
  expectError(await bob.call('POST', inRoom(room, 'report'), body), status, errcode)
  expectError(await reportUser(bob, alice.userId, body), status, errcode)
})

test('reports are limited', async () => {
  const limiter = createRateLimiter({ default: { per_second: 0.001, burst_count: 1 } })
  await using limited = await startTestServer({ policies: { limiter } })
  const user = await limited.user('alice')
  const made = text(ok(await user.call('POST', '/createRoom', {})), 'room_id')
  ok(await user.call('POST', inRoom(made, 'report'), { reason: 'x' }))
  const again = await reportUser(user, user.userId, { reason: 'x' })
  expectError(again, 429, 'M_LIMIT_EXCEEDED')
})
