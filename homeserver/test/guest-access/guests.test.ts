import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { routes } from '#api/routes.ts'
import { createRateLimiter } from '#policies/rate-limiter.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { expectError, inRoom } from '../rooms/room-paths.ts'
import { guestOn, REGISTER, type Guest } from './guest.ts'

let server: TestServer
let alice: TestUser

beforeAll(async () => {
  server = await startTestServer({ config: 'registration: { guests: true }' })
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const guest = (body?: unknown) => guestOn(server, body)

const openRoom = (access = 'can_join') =>
  alice.createRoom({
    preset: 'public_chat',
    initial_state: [{ type: 'm.room.guest_access', content: { guest_access: access } }],
  })

const join = (who: Guest, room: string) => who.call('POST', inRoom(room, 'join'), {})

/** The guest's membership as others see it. */
const membership = async (who: Guest, room: string) =>
  at(ok(await alice.call('GET', inRoom(room, 'state', 'm.room.member', who.userId))), 'membership')

const FORBIDDEN = [403, 'M_GUEST_ACCESS_FORBIDDEN'] as const

test('a server that admits no guests says so', async () => {
  await using closed = await startTestServer()
  const answer = await closed.request('POST', `${REGISTER}?kind=guest`, { body: {} })
  expectError(answer, ...FORBIDDEN)
})

test('a guest gets a name and a device of the server’s choice, and is told to be one', async () => {
  const asked = {
    username: 'alice',
    password: 'short',
    device_id: 'MINE',
    inhibit_login: true,
    initial_device_display_name: 'Kiosk',
  }
  const made = await guest(asked)
  expect(made.userId).not.toBe(alice.userId)
  expect(made.deviceId).not.toBe('MINE')
  expect(ok(await made.call('GET', '/account/whoami'))).toEqual({
    user_id: made.userId,
    device_id: made.deviceId,
    is_guest: true,
  })
  expect(ok(await alice.call('GET', '/account/whoami'))).toMatchObject({ is_guest: false })
})

test('every guest is somebody else', async () => {
  const users = [await guest(), await guest(), await guest()].map(({ userId }) => userId)
  expect(new Set(users).size).toBe(3)
})

test('a guest who comes first does not take the set-up link away', async () => {
  await using fresh = await startTestServer({
    config: 'registration: { guests: true }',
    policies: { registration: { mode: 'token', sessionlessDummy: false, sharedSecret: undefined } },
  })
  ok(await fresh.request('POST', `${REGISTER}?kind=guest`, { body: {} }))
  const token = await fresh.ctx.registration.ensureSetupToken()
  const account = { username: 'admin', password: 'a password' }
  const first = await fresh.request('POST', REGISTER, { body: account })
  const session = text(first.body, 'session')
  const auth = { type: 'm.login.registration_token', token, session }
  const made = ok(await fresh.request('POST', REGISTER, { body: { ...account, auth } }))
  const reports = await fresh.request('GET', '/_synapse/admin/v1/reports', {
    token: text(made, 'access_token'),
  })
  ok(reports)
})

test('guests are limited by address like others who register', async () => {
  const limiter = createRateLimiter({ registration: { per_second: 0.001, burst_count: 1 } })
  await using limited = await startTestServer({
    config: 'registration: { guests: true }',
    policies: { limiter },
  })
  const register = () => limited.request('POST', `${REGISTER}?kind=guest`, { body: {} })
  ok(await register())
  expectError(await register(), 429, 'M_LIMIT_EXCEEDED')
})

describe('a guest joins', () => {
  test.each([
    ['can_join', undefined],
    ['forbidden', 'M_GUEST_ACCESS_FORBIDDEN'],
    ['something else', 'M_GUEST_ACCESS_FORBIDDEN'],
  ])('a room whose guest access is %j: %s', async (access, errcode) => {
    const room = await openRoom(access)
    const someone = await guest()
    const ways = [
      () => join(someone, room),
      () => someone.call('POST', `/join/${encodeURIComponent(room)}`, {}),
      () =>
        someone.call('PUT', inRoom(room, 'state', 'm.room.member', someone.userId), {
          membership: 'join',
        }),
    ]
    for (const way of ways) {
      const answer = await way()
      if (errcode === undefined) ok(answer)
      else expectError(answer, 403, errcode)
    }
  })

  test('no room without guest access, none that does not exist, and none but by its rules', async () => {
    const someone = await guest()
    const room = await alice.createRoom({ preset: 'public_chat' })
    expectError(await join(someone, room), ...FORBIDDEN)
    expectError(await join(someone, '!unknown:test.example'), ...FORBIDDEN)
    const invited = await alice.createRoom({ preset: 'private_chat' })
    expectError(await join(someone, invited), 403, 'M_FORBIDDEN')
    await alice.invite(invited, someone.userId)
    ok(await join(someone, invited))
  })

  test('and talks, reads, and leaves', async () => {
    const room = await openRoom()
    const someone = await guest()
    ok(await join(someone, room))
    const sent = await someone.call('PUT', inRoom(room, 'send', 'm.room.message', 'g1'), {
      msgtype: 'm.text',
      body: 'hello',
    })
    const eventId = text(ok(sent), 'event_id')
    ok(await someone.call('GET', inRoom(room, 'event', eventId)))
    ok(await someone.call('GET', `${inRoom(room, 'messages')}?dir=b`))
    ok(await someone.call('GET', inRoom(room, 'members')))
    ok(await someone.call('GET', inRoom(room, 'state')))
    expect(
      Object.keys(Object(at(ok(await someone.call('GET', '/sync')), 'rooms', 'join'))),
    ).toEqual([room])
    ok(await someone.call('POST', inRoom(room, 'leave'), {}))
  })
})

test('a guest changes the own name and nothing else of the profile', async () => {
  const someone = await guest()
  const profile = `/profile/${encodeURIComponent(someone.userId)}`
  ok(await someone.call('PUT', `${profile}/displayname`, { displayname: 'Visitor' }))
  expect(ok(await someone.call('GET', profile))).toEqual({ displayname: 'Visitor' })
  ok(await someone.call('DELETE', `${profile}/displayname`))
  const avatar = { avatar_url: 'mxc://test.example/a' }
  expectError(await someone.call('PUT', `${profile}/avatar_url`, avatar), ...FORBIDDEN)
  expectError(await someone.call('DELETE', `${profile}/m.tz`), ...FORBIDDEN)
})

/** https://spec.matrix.org/v1.19/client-server-api/#guest-access, as far as it is built. */
const OPEN = [
  'GET /rooms/:roomId/state',
  'GET /rooms/:roomId/context/:eventId',
  'GET /rooms/:roomId/event/:eventId',
  'GET /rooms/:roomId/state/:eventType{/:stateKey}',
  'GET /rooms/:roomId/messages',
  'GET /rooms/:roomId/members',
  'GET /rooms/:roomId/initialSync',
  'GET /sync',
  'GET /events',
  'POST /rooms/:roomId/join',
  'POST /join/:roomIdOrAlias',
  'POST /rooms/:roomId/leave',
  'PUT /rooms/:roomId/send/:eventType/:txnId',
  'PUT /rooms/:roomId/state/:eventType{/:stateKey}',
  'PUT /sendToDevice/:eventType/:txnId',
  'PUT /profile/:userId/:keyName',
  'DELETE /profile/:userId/:keyName',
  'GET /devices',
  'GET /devices/:deviceId',
  'PUT /devices/:deviceId',
  'GET /account/whoami',
]

const nameOf = ({ method, path }: (typeof routes)[number]) =>
  `${method} ${path.replace('/_matrix/client/v3', '')}`
const withToken = routes.filter(({ auth }) => auth === 'user' || auth === 'admin')

test('guests may use what the specification lists', () => {
  const built = new Set(withToken.map(nameOf))
  const open = withToken.filter(({ guests }) => guests === true).map(nameOf)
  expect(open.toSorted()).toEqual(OPEN.filter((name) => built.has(name)).toSorted())
})

test('and nothing else', async () => {
  const someone = await guest()
  const closed = withToken.filter(({ guests }) => guests !== true)
  expect(closed.length).toBeGreaterThan(10)
  for (const { method, path } of closed) {
    const filled = path.replaceAll(/\{?\/:\w+\}?/g, '/x')
    const sent = method === 'GET' ? {} : { body: {} }
    const answer = await server.request(method, filled, { token: someone.token, ...sent })
    const expected = { errcode: 'M_GUEST_ACCESS_FORBIDDEN' }
    expect([path, answer.status, answer.body]).toMatchObject([path, 403, expected])
  }
})

describe('when guests are no longer admitted', () => {
  const left = (who: Guest, room: string) =>
    expect.poll(() => membership(who, room), { timeout: 10_000 }).toBe('leave')

  test.each([{ guest_access: 'forbidden' }, {}, { guest_access: 5 }])(
    'because the state says %j, they leave, and the others stay',
    async (content) => {
      const room = await openRoom()
      const bob = await server.user(`bob-${JSON.stringify(content).length}`)
      await bob.join(room)
      const guests = [await guest(), await guest()]
      for (const someone of guests) ok(await join(someone, room))
      await alice.setState(room, 'm.room.guest_access', '', content)
      for (const someone of guests) await left(someone, room)
      const members = list(
        ok(await alice.call('GET', `${inRoom(room, 'members')}?membership=join`)),
        'chunk',
      )
      const inside = new Set(members.map((event) => at(event, 'state_key')))
      expect(inside).toEqual(new Set([alice.userId, bob.userId]))
      const member = ok(
        await alice.call('GET', inRoom(room, 'state', 'm.room.member', guests[0]?.userId ?? '')),
      )
      expect(member).toEqual({ membership: 'leave' })
      for (const someone of guests) expectError(await join(someone, room), ...FORBIDDEN)
    },
  )

  test('because the event was redacted, they leave', async () => {
    const room = await alice.createRoom({ preset: 'public_chat' })
    const access = await alice.setState(room, 'm.room.guest_access', '', {
      guest_access: 'can_join',
    })
    const someone = await guest()
    ok(await join(someone, room))
    ok(await alice.call('PUT', inRoom(room, 'redact', access, 'r1'), {}))
    await left(someone, room)
  })

  test('who is invited only is not touched', async () => {
    const room = await openRoom()
    const [inside, invited] = [await guest(), await guest()]
    ok(await join(inside, room))
    await alice.invite(room, invited.userId)
    await alice.setState(room, 'm.room.guest_access', '', { guest_access: 'forbidden' })
    await left(inside, room)
    expect(await membership(invited, room)).toBe('invite')
  })

  test('a server that missed it makes up for it when it starts', async () => {
    const room = await openRoom()
    const someone = await guest()
    ok(await join(someone, room))
    // as if the guest had become one only now, with no server running
    await server.ctx.db
      .updateTable('accounts')
      .set({ guest: false })
      .where('user_id', '=', someone.userId)
      .execute()
    await alice.setState(room, 'm.room.guest_access', '', { guest_access: 'forbidden' })
    await server.ctx.db
      .updateTable('accounts')
      .set({ guest: true })
      .where('user_id', '=', someone.userId)
      .execute()
    await using later = await startTestServer({ databaseUrl: server.databaseUrl })
    ok(await later.request('GET', '/_matrix/client/versions'))
    await left(someone, room)
  })
})

test('with two workers a guest leaves once', async () => {
  await using other = await startTestServer({ databaseUrl: server.databaseUrl })
  const room = await openRoom()
  const someone = await guest()
  ok(await join(someone, room))
  const path = `/_matrix/client/v3${inRoom(room, 'state', 'm.room.guest_access', '')}`
  const body = { guest_access: 'forbidden' }
  ok(await other.request('PUT', path, { token: alice.token, body }))
  await expect.poll(() => membership(someone, room), { timeout: 10_000 }).toBe('leave')
  const page = ok(await alice.call('GET', `${inRoom(room, 'messages')}?dir=b&limit=100`))
  const leaves = list(page, 'chunk').filter(
    (event) =>
      at(event, 'state_key') === someone.userId && at(event, 'content', 'membership') === 'leave',
  )
  expect(leaves).toHaveLength(1)
})
