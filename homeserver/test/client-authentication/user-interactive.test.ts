import { afterAll, beforeAll, expect, test } from 'vitest'
import { MovingClock } from '../harness/moving-clock.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, text, type TestUser } from '../harness/user.ts'

const clock = new MovingClock()
let server: TestServer
let alice: TestUser
let mallory: TestUser
beforeAll(async () => {
  server = await startTestServer({ clock })
  alice = await server.user('alice')
  mallory = await server.user('mallory')
})
afterAll(() => server[Symbol.asyncDispose]())

const password = (user: TestUser) => ({
  type: 'm.login.password',
  identifier: { type: 'm.id.user', user: user.userId },
  password: 'a password',
})

const begin = async (user: TestUser, path: string, body: object): Promise<string> =>
  text((await user.call('POST', path, body)).body, 'session')

const different = { status: 403, body: { errcode: 'M_FORBIDDEN' } }
const REMOVE = { devices: ['GONE'] }

test('any UIA session: one that another user began is refused', async () => {
  const session = await begin(mallory, '/delete_devices', REMOVE)
  const answer = await alice.call('POST', '/delete_devices', {
    ...REMOVE,
    auth: { ...password(alice), session },
  })
  expect(answer).toMatchObject(different)
})

test('any UIA session: one that was completed elsewhere does not carry over to another user', async () => {
  const session = await begin(mallory, '/delete_devices', REMOVE)
  const page = '/_matrix/client/v3/auth/m.login.password/fallback/web'
  const body = { session, user: 'mallory', password: 'a password' }
  ok(await server.request('POST', page, { body }))
  const taken = await alice.call('POST', '/delete_devices', { ...REMOVE, auth: { session } })
  expect(taken).toMatchObject(different)
  ok(await mallory.call('POST', '/delete_devices', { ...REMOVE, auth: { session } }))
})

test.each([
  ['another operation', '/account/deactivate', {}],
  ['other parameters', '/delete_devices', { devices: ['OTHER'] }],
  ['one parameter more', '/delete_devices', { ...REMOVE, also: true }],
])('any UIA session: %s is refused', async (_, path, body) => {
  const session = await begin(alice, '/delete_devices', REMOVE)
  const auth = { ...password(alice), session }
  expect(await alice.call('POST', path, { ...body, auth })).toMatchObject(different)
})

test('any UIA session: the path of another device is refused', async () => {
  const session = at((await alice.call('DELETE', '/devices/ONE')).body, 'session')
  const auth = { ...password(alice), session }
  expect(await alice.call('DELETE', '/devices/TWO', { auth })).toMatchObject(different)
  ok(await alice.call('DELETE', '/devices/ONE', { auth }))
})

test('any UIA session: a used one begins anew', async () => {
  const session = await begin(alice, '/delete_devices', REMOVE)
  const auth = { ...password(alice), session }
  ok(await alice.call('POST', '/delete_devices', { ...REMOVE, auth }))
  const again = await alice.call('POST', '/delete_devices', { ...REMOVE, auth: { session } })
  expect(again.status).toBe(401)
  expect(at(again.body, 'session')).not.toBe(session)
})

test('any UIA session: one without token is not good for who has one', async () => {
  const path = '/_matrix/client/v3/account/password'
  const body = { new_password: 'a password' }
  const session = at((await server.request('POST', path, { body })).body, 'session')
  const auth = { ...password(alice), session }
  expect(await alice.call('POST', '/account/password', { ...body, auth })).toMatchObject(different)
})

test('a password that was entered counts for five minutes', async () => {
  ok(await alice.call('POST', '/delete_devices', { ...REMOVE, auth: password(alice) }))
  const auth = { type: 'm.login.dummy' }
  clock.advance(4 * 60_000)
  ok(await alice.call('POST', '/delete_devices', { ...REMOVE, auth }))
  clock.advance(60_000)
  const late = await alice.call('POST', '/delete_devices', { ...REMOVE, auth })
  expect(late).toMatchObject({ status: 401, body: { flows: [{ stages: ['m.login.password'] }] } })
})

test('a third-party identifier that nobody has is forbidden, not a challenge', async () => {
  const identifier = { type: 'm.id.thirdparty', medium: 'email', address: 'a@b.example' }
  const auth = { ...password(alice), identifier }
  expect(await alice.call('POST', '/delete_devices', { ...REMOVE, auth })).toMatchObject(different)
})
