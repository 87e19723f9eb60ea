import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, type TestUser } from '../harness/user.ts'
import { inRoom } from '../rooms/room-paths.ts'
import { Reader } from '../sync/reader.ts'
import { adminOn, restriction } from './admin.ts'

let server: TestServer
let other: TestServer
let admin: TestUser

beforeAll(async () => {
  server = await startTestServer()
  other = await startTestServer({ databaseUrl: server.databaseUrl })
  admin = await adminOn(server)
})
afterAll(async () => {
  await other[Symbol.asyncDispose]()
  await server[Symbol.asyncDispose]()
})

const LOCKED = { status: 401, body: { errcode: 'M_USER_LOCKED', soft_logout: true } }

const lock = async (user: TestUser, locked = true) =>
  ok(await restriction(admin, 'lock', user.userId, { locked }))

test('a locked account gets 401 with a soft logout everywhere, on every worker', async () => {
  const alice = await server.user('alice')
  const room = await alice.createRoom()
  const { token } = alice
  // known to both workers before
  ok(await other.request('GET', '/_matrix/client/v3/account/whoami', { token }))
  await lock(alice)
  expect(await alice.call('GET', '/account/whoami')).toMatchObject(LOCKED)
  expect(await alice.call('GET', '/sync')).toMatchObject(LOCKED)
  expect(await alice.call('POST', inRoom(room, 'leave'), {})).toMatchObject(LOCKED)
  expect(await alice.call('GET', `/profile/${alice.userId}`)).toMatchObject({ status: 200 })
  await expect
    .poll(() => other.request('GET', '/_matrix/client/v3/account/whoami', { token }))
    .toMatchObject(LOCKED)
  await lock(alice, false)
  expect(ok(await alice.call('GET', '/account/whoami'))).toMatchObject({ user_id: alice.userId })
})

test('a sync that waits ends when the account is locked', async () => {
  const alice = await server.user('waiting')
  const reader = new Reader(alice)
  await reader.next()
  const waiting = alice.call('GET', `/sync?since=${reader.since}&timeout=30000`)
  await lock(alice)
  expect(await waiting).toMatchObject(LOCKED)
})

test('a locked account can log out', async () => {
  const alice = await server.user('leaving')
  const phone = await alice.otherDevice()
  const tablet = await alice.otherDevice()
  await lock(alice)
  ok(await phone.call('POST', '/logout', {}))
  expect(await phone.call('GET', '/account/whoami')).toMatchObject({
    body: { errcode: 'M_UNKNOWN_TOKEN' },
  })
  ok(await tablet.call('POST', '/logout/all', {}))
  await lock(alice, false)
  expect(await alice.call('GET', '/account/whoami')).toMatchObject({
    body: { errcode: 'M_UNKNOWN_TOKEN' },
  })
})

test('a locked account signs in nowhere, and only its password tells that it is locked', async () => {
  const alice = await server.user('signing-in')
  await lock(alice)
  const login = (password: string) =>
    server.request('POST', '/_matrix/client/v3/login', {
      body: {
        type: 'm.login.password',
        identifier: { type: 'm.id.user', user: alice.userId },
        password,
      },
    })
  expect(await login('a password')).toMatchObject(LOCKED)
  expect(at((await login('wrong')).body, 'errcode')).toBe('M_FORBIDDEN')
})
