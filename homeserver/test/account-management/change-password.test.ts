import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { ok, text, type TestUser } from '../harness/user.ts'

const V3 = '/_matrix/client/v3'
const NEW = 'a new password'
const unknownToken = { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } }

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const password = (user: Pick<TestUser, 'userId'>, secret = 'a password') => ({
  type: 'm.login.password',
  identifier: { type: 'm.id.user', user: user.userId },
  password: secret,
})
const change = (user: TestUser, body: object) => user.call('POST', '/account/password', body)
const whoami = (token: string) => server.request('GET', `${V3}/account/whoami`, { token })
const signIn = (user: TestUser, secret: string, more: object = {}) =>
  server.request('POST', `${V3}/login`, { body: { ...password(user, secret), ...more } })

test('the old password opens the account no more, the new one does', async () => {
  const alice = await server.user('alice')
  expect(ok(await change(alice, { new_password: NEW, auth: password(alice) }))).toEqual({})
  expect(await signIn(alice, 'a password')).toMatchObject({
    status: 403,
    body: { errcode: 'M_FORBIDDEN' },
  })
  ok(await signIn(alice, NEW))
})

test('the device that asked stays signed in, the others end on every worker', async () => {
  await using other = await startTestServer({ databaseUrl: server.databaseUrl })
  const bob = await server.user('bob')
  const second = await bob.otherDevice()
  const refreshable = ok(await signIn(bob, 'a password', { refresh_token: true }))
  const ask = () => other.request('GET', `${V3}/account/whoami`, { token: second.token })
  ok(await ask())
  ok(await change(bob, { new_password: NEW, auth: password(bob) }))
  expect((await whoami(bob.token)).status).toBe(200)
  expect(await whoami(second.token)).toMatchObject(unknownToken)
  await expect.poll(ask).toMatchObject(unknownToken)
  const body = { refresh_token: text(refreshable, 'refresh_token') }
  expect(await server.request('POST', `${V3}/refresh`, { body })).toMatchObject(unknownToken)
  const { devices } = ok(await bob.call('GET', '/devices')) as { devices: unknown[] }
  expect(devices).toMatchObject([{ device_id: bob.deviceId }])
})

test('other devices stay when the client asks for it', async () => {
  const carol = await server.user('carol')
  const second = await carol.otherDevice()
  ok(await change(carol, { new_password: NEW, logout_devices: false, auth: password(carol) }))
  expect((await whoami(second.token)).status).toBe(200)
})

test('a login token that waits ends with the other devices', async () => {
  const dave = await server.user('dave')
  const granted = await server.request('POST', '/_matrix/client/v1/login/get_token', {
    token: dave.token,
    body: { auth: password(dave) },
  })
  ok(await change(dave, { new_password: NEW, auth: password(dave) }))
  const body = { type: 'm.login.token', token: text(ok(granted), 'login_token') }
  expect(await server.request('POST', `${V3}/login`, { body })).toMatchObject({ status: 403 })
})

test('the new password is not enough, and a wrong one changes nothing', async () => {
  const erin = await server.user('erin')
  const challenge = await change(erin, { new_password: NEW })
  expect(challenge).toMatchObject({
    status: 401,
    body: { flows: [{ stages: ['m.login.password'] }], session: expect.any(String) },
  })
  const wrong = await change(erin, { new_password: NEW, auth: password(erin, NEW) })
  expect(wrong).toMatchObject({ status: 401, body: { errcode: 'M_FORBIDDEN' } })
  ok(await signIn(erin, 'a password'))
})

test('who has no session changes the password by the old one, which ends all devices', async () => {
  const frank = await server.user('frank')
  const ask = (body: object) => server.request('POST', `${V3}/account/password`, { body })
  expect(await ask({ new_password: NEW })).toMatchObject({
    status: 401,
    body: { flows: [{ stages: ['m.login.password'] }] },
  })
  const wrong = await ask({ new_password: NEW, auth: password(frank, 'no') })
  expect(wrong).toMatchObject({ status: 401, body: { errcode: 'M_FORBIDDEN' } })
  ok(await ask({ new_password: NEW, auth: password(frank) }))
  expect(await whoami(frank.token)).toMatchObject(unknownToken)
  ok(await signIn(frank, NEW))
})

test('a change forgets that the password was just entered', async () => {
  const gina = await server.user('gina')
  const second = await gina.otherDevice()
  const remove = (auth: object) => second.call('POST', '/delete_devices', { devices: ['X'], auth })
  ok(await remove(password(gina)))
  ok(await remove({ type: 'm.login.dummy' }))
  ok(await change(gina, { new_password: NEW, logout_devices: false, auth: password(gina) }))
  expect((await remove({ type: 'm.login.dummy' })).status).toBe(401)
  ok(await remove(password(gina, NEW)))
})

test.each([
  [{}, 400, 'M_MISSING_PARAM'],
  [{ new_password: 1 }, 400, 'M_BAD_JSON'],
  [{ new_password: 'short' }, 400, 'M_WEAK_PASSWORD'],
  [{ new_password: NEW, logout_devices: 'yes' }, 400, 'M_BAD_JSON'],
  [{ new_password: NEW, auth: [] }, 400, 'M_BAD_JSON'],
  [{ new_password: NEW, auth: { type: 'm.login.password' } }, 401, 'M_MISSING_PARAM'],
])('%j is refused', async (body, status, errcode) => {
  const name = `user-${JSON.stringify(body).length}-${errcode.toLowerCase()}`
  const user = await server.user(name)
  expect(await change(user, body)).toMatchObject({ status, body: { errcode } })
})

test('a locked account keeps its password, also where no token tells of it', async () => {
  const locked = await server.user('locked')
  const { user_key } = await server.ctx.db
    .selectFrom('accounts')
    .select('user_key')
    .where('user_id', '=', locked.userId)
    .executeTakeFirstOrThrow()
  await server.ctx.db
    .insertInto('account_restrictions')
    .values({ user_key, locked: true, suspended: false })
    .execute()
  const body = { new_password: NEW, auth: password(locked) }
  const answer = await server.request('POST', `${V3}/account/password`, { body })
  expect(answer).toMatchObject({
    status: 401,
    body: { errcode: 'M_USER_LOCKED', soft_logout: true },
  })
})

test('a made-up token is refused, not taken for none', async () => {
  const answer = await server.request('POST', `${V3}/account/password`, {
    token: 'made-up',
    body: { new_password: NEW },
  })
  expect(answer).toMatchObject(unknownToken)
})
