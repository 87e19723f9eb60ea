import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { expectError, inRoom } from '../rooms/room-paths.ts'
import { guestOn, REGISTER, type Guest } from './guest.ts'

let server: TestServer
let alice: TestUser
let guest: Guest

beforeAll(async () => {
  server = await startTestServer({ config: 'registration: { guests: true }' })
  alice = await server.user('alice')
  guest = await guestOn(server)
})
afterAll(() => server[Symbol.asyncDispose]())

const nameOf = ({ userId }: Pick<Guest, 'userId'>) => userId.slice(1, userId.indexOf(':'))

/** Registers, as the guest unless the change says otherwise. */
const promote = (someone: Guest, change: Readonly<Record<string, unknown>> = {}, on = server) =>
  on.request('POST', REGISTER, {
    body: {
      username: nameOf(someone),
      password: 'a password',
      auth: { type: 'm.login.dummy' },
      guest_access_token: someone.token,
      ...change,
    },
  })

test('a guest who registers keeps name and rooms, and is a guest no more', async () => {
  await using other = await startTestServer({ databaseUrl: server.databaseUrl })
  const someone = await guestOn(server)
  const whoami = (on: TestServer) =>
    on.request('GET', '/_matrix/client/v3/account/whoami', { token: someone.token })
  const room = await alice.createRoom({
    preset: 'public_chat',
    initial_state: [{ type: 'm.room.guest_access', content: { guest_access: 'can_join' } }],
  })
  ok(await someone.call('POST', inRoom(room, 'join'), {}))
  ok(await whoami(other))
  const made = ok(await promote(someone, { device_id: 'NEW' }))
  expect(made).toMatchObject({ user_id: someone.userId, device_id: 'NEW' })
  const token = String(at(made, 'access_token'))
  const call = (path: string) => server.request('GET', `/_matrix/client/v3${path}`, { token })
  expect(ok(await call('/account/whoami'))).toMatchObject({ is_guest: false })
  expect(list(ok(await call('/joined_rooms')), 'joined_rooms')).toEqual([room])
  expect(list(ok(await call('/devices')), 'devices')).toHaveLength(1)
  expectError(await someone.call('GET', '/account/whoami'), 401, 'M_UNKNOWN_TOKEN')
  await expect.poll(async () => (await whoami(other)).status).toBe(401)
  const login = await server.request('POST', '/_matrix/client/v3/login', {
    body: {
      type: 'm.login.password',
      identifier: { type: 'm.id.user', user: nameOf(someone) },
      password: 'a password',
    },
  })
  expect(ok(login)).toMatchObject({ user_id: someone.userId })
  await alice.setState(room, 'm.room.guest_access', '', { guest_access: 'forbidden' })
  expect(list(ok(await call('/joined_rooms')), 'joined_rooms')).toEqual([room])
})

test.each([
  ['no name', { username: undefined }, 400, 'M_MISSING_PARAM'],
  ['another name', { username: 'somebody' }, 403, 'M_FORBIDDEN'],
  ['a token that is none', { guest_access_token: 'made-up' }, 403, 'M_FORBIDDEN'],
  ['a token of the wrong type', { guest_access_token: 1 }, 400, 'M_BAD_JSON'],
  ['a weak password', { password: 'short' }, 400, 'M_WEAK_PASSWORD'],
  ['no token, so that the name is taken', { guest_access_token: undefined }, 400, 'M_USER_IN_USE'],
])('with %s a guest stays one', async (_, change, status, errcode) => {
  expectError(await promote(guest, change), status, errcode)
  expect(ok(await guest.call('GET', '/account/whoami'))).toMatchObject({ is_guest: true })
})

test('nobody takes over an account that is no guest’s', async () => {
  expectError(await promote(alice), 403, 'M_FORBIDDEN')
  const other = await guestOn(server)
  expectError(await promote(guest, { guest_access_token: other.token }), 403, 'M_FORBIDDEN')
})

test('of two who register by one token at once one succeeds', async () => {
  const someone = await guestOn(server)
  const answers = await Promise.all([promote(someone), promote(someone)])
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 403])
})

test('where registration is closed a guest stays one', async () => {
  await using closed = await startTestServer({
    databaseUrl: server.databaseUrl,
    policies: {
      registration: { mode: 'closed', sessionlessDummy: false, sharedSecret: undefined },
    },
  })
  expectError(await promote(guest, {}, closed), 403, 'M_FORBIDDEN')
})
