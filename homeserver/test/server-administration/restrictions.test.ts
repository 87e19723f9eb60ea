import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, type TestUser } from '../harness/user.ts'
import { expectError } from '../rooms/room-paths.ts'
import { adminOn, restriction } from './admin.ts'

let server: TestServer
let admin: TestUser
let alice: TestUser

beforeAll(async () => {
  server = await startTestServer()
  admin = await adminOn(server)
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

describe.each([
  ['lock', 'locked'],
  ['suspend', 'suspended'],
] as const)('admin/%s', (kind, field) => {
  test('an administrator sets it, sees it and takes it back', async () => {
    const bob = await server.user(`bob-${kind}`)
    expect(ok(await restriction(admin, kind, bob.userId))).toEqual({ [field]: false })
    for (const value of [true, true, false]) {
      const answer = await restriction(admin, kind, bob.userId, { [field]: value })
      expect(ok(answer)).toEqual({ [field]: value })
      expect(ok(await restriction(admin, kind, bob.userId))).toEqual({ [field]: value })
    }
    expect(ok(await bob.call('GET', '/account/whoami'))).toMatchObject({ user_id: bob.userId })
  })

  test.each([
    ['a user of this server', '@alice:test.example'],
    ['nobody', '@nobody:test.example'],
    ['a user of another server', '@alice:other.example'],
  ])('who is no administrator learns nothing about %s', async (_, target) => {
    expectError(await restriction(alice, kind, target), 403, 'M_FORBIDDEN')
    expectError(await restriction(alice, kind, target, { [field]: true }), 403, 'M_FORBIDDEN')
  })

  test('a token is needed', async () => {
    const path = `/_matrix/client/v1/admin/${kind}/@alice:test.example`
    expectError(await server.request('GET', path), 401, 'M_MISSING_TOKEN')
    const body = { [field]: true }
    expectError(await server.request('PUT', path, { body }), 401, 'M_MISSING_TOKEN')
  })

  test('users of other servers are 400, unknown and deactivated ones 404', async () => {
    const gone = await server.user(`gone-${kind}`)
    await server.ctx.db
      .updateTable('accounts')
      .set({ deactivated: true })
      .where('user_id', '=', gone.userId)
      .execute()
    for (const body of [undefined, { [field]: true }]) {
      const foreign = await restriction(admin, kind, '@a:other.example', body)
      expectError(foreign, 400, 'M_INVALID_PARAM')
      expectError(await restriction(admin, kind, '@no:test.example', body), 404, 'M_NOT_FOUND')
      expectError(await restriction(admin, kind, gone.userId, body), 404, 'M_NOT_FOUND')
      expectError(await restriction(admin, kind, 'alice', body), 400, 'M_INVALID_PARAM')
    }
  })

  test('neither oneself nor another administrator can be restricted', async () => {
    const other = await adminOn(server, `other-${kind}`)
    expectError(await restriction(admin, kind, other.userId), 403, 'M_FORBIDDEN')
    for (const target of [other.userId, admin.userId]) {
      const answer = await restriction(admin, kind, target, { [field]: true })
      expectError(answer, 403, 'M_FORBIDDEN')
    }
    expect(ok(await restriction(admin, kind, admin.userId))).toEqual({ [field]: false })
  })

  test.each([
    [{}, 'M_MISSING_PARAM'],
    [{ [field]: 'true' }, 'M_BAD_JSON'],
    [{ [field]: null }, 'M_BAD_JSON'],
    [{ [field]: 1 }, 'M_BAD_JSON'],
    [[], 'M_BAD_JSON'],
  ])('the body %j is refused', async (body, errcode) => {
    expectError(await restriction(admin, kind, alice.userId, body), 400, errcode)
  })
})

test('setting one leaves the other', async () => {
  const { userId } = await server.user('both')
  ok(await restriction(admin, 'lock', userId, { locked: true }))
  ok(await restriction(admin, 'suspend', userId, { suspended: true }))
  ok(await restriction(admin, 'lock', userId, { locked: false }))
  expect(ok(await restriction(admin, 'suspend', userId))).toEqual({ suspended: true })
})

test('the capability is told to administrators only', async () => {
  const of = async (user: TestUser) =>
    at(ok(await user.call('GET', '/capabilities')), 'capabilities', 'm.account_moderation')
  expect(await of(admin)).toEqual({ suspend: true, lock: true })
  expect(await of(alice)).toBeUndefined()
})
