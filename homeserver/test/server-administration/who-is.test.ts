import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { expectError } from '../rooms/room-paths.ts'
import { adminOn } from './admin.ts'

let server: TestServer
let admin: TestUser
let alice: TestUser

beforeAll(async () => {
  server = await startTestServer()
  admin = await adminOn(server)
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const whoIs = (caller: TestUser, userId: string) =>
  caller.call('GET', `/admin/whois/${encodeURIComponent(userId)}`)

test('users see their own devices, administrators those of everybody', async () => {
  ok(await alice.call('GET', '/account/whoami'))
  for (const caller of [alice, admin]) {
    const body = ok(await whoIs(caller, alice.userId))
    expect(at(body, 'user_id')).toBe(alice.userId)
    const [connection] = list(body, 'devices', alice.deviceId, 'sessions', 0, 'connections')
    expect(connection).toMatchObject({ ip: '127.0.0.1' })
    expect(at(connection, 'last_seen')).toBeTypeOf('number')
  }
})

test('a device that was never used has no connection', async () => {
  const phone = await alice.otherDevice()
  const body = ok(await whoIs(admin, alice.userId))
  expect(at(body, 'devices', phone.deviceId)).toEqual({ sessions: [{ connections: [] }] })
})

test('others see nothing', async () => {
  expectError(await whoIs(alice, admin.userId), 403, 'M_FORBIDDEN')
  expectError(await whoIs(alice, '@nobody:test.example'), 403, 'M_FORBIDDEN')
  expectError(await whoIs(admin, '@nobody:test.example'), 404, 'M_NOT_FOUND')
  expectError(await whoIs(admin, '@alice:other.example'), 404, 'M_NOT_FOUND')
  expectError(await whoIs(admin, 'alice'), 400, 'M_INVALID_PARAM')
})
