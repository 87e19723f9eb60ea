import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, text } from '../harness/user.ts'

const REGISTER = '/_matrix/client/v3/register'
const DUMMY = { type: 'm.login.dummy' }
const PASSWORD = 'correct horse'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer({
    policies: { registration: { mode: 'open', sessionlessDummy: false, sharedSecret: undefined } },
  })
})
afterAll(() => server[Symbol.asyncDispose]())

const post = (body: unknown, query = '') => server.request('POST', REGISTER + query, { body })

/** Registers in two requests, as clients do. */
async function register(body: Readonly<Record<string, unknown>>) {
  const session = at((await post(body)).body, 'session')
  return await post({ ...body, auth: { ...DUMMY, session } })
}

test('the first request is told the flows and a session', async () => {
  const answer = await post({})
  expect(answer.status).toBe(401)
  expect(at(answer.body, 'flows', 0)).toEqual({ stages: ['m.login.dummy'] })
  expect(at(answer.body, 'session')).toMatch(/\S/)
  expect(answer.body).not.toHaveProperty('errcode')
  expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
})

test('registering signs in on the device that was named', async () => {
  const body = ok(
    await register({
      username: 'Alice',
      password: PASSWORD,
      device_id: 'PHONE',
      initial_device_display_name: 'My phone',
    }),
  )
  expect(body).toMatchObject({ user_id: '@alice:test.example', device_id: 'PHONE' })
  const token = text(body, 'access_token')
  const whoami = await server.request('GET', '/_matrix/client/v3/account/whoami', { token })
  expect(whoami.body).toEqual({
    user_id: '@alice:test.example',
    device_id: 'PHONE',
    is_guest: false,
  })
})

test('inhibit_login makes the account only', async () => {
  const body = ok(await register({ username: 'bob', password: PASSWORD, inhibit_login: true }))
  expect(body).toEqual({ user_id: '@bob:test.example' })
})

test('r0 and unstable serve the same operation', async () => {
  for (const version of ['r0', 'unstable']) {
    const answer = await server.request('POST', `/_matrix/client/${version}/register`, { body: {} })
    expect(answer.status).toBe(401)
  }
})

test('guests are refused, and any other kind', async () => {
  expect(await post({}, '?kind=guest')).toMatchObject({
    status: 403,
    body: { errcode: 'M_GUEST_ACCESS_FORBIDDEN' },
  })
  expect(await post({}, '?kind=robot')).toMatchObject({
    status: 400,
    body: { errcode: 'M_INVALID_PARAM' },
  })
  expect((await post({}, '?kind=user')).status).toBe(401)
})

test.each([
  [{ username: 'a b', password: PASSWORD }, 'M_INVALID_USERNAME'],
  [{ username: 'é', password: PASSWORD }, 'M_INVALID_USERNAME'],
  [{ username: '', password: PASSWORD }, 'M_INVALID_USERNAME'],
  [{ username: '@full:test.example', password: PASSWORD }, 'M_INVALID_USERNAME'],
  [{ username: 'x'.repeat(255), password: PASSWORD }, 'M_INVALID_USERNAME'],
  [{ username: 'weak', password: '1234567' }, 'M_WEAK_PASSWORD'],
  [{ username: 1, password: PASSWORD }, 'M_BAD_JSON'],
  [{ username: 'x', password: 1 }, 'M_BAD_JSON'],
  [{ username: 'x', password: PASSWORD, auth: 'dummy' }, 'M_BAD_JSON'],
  [{ username: 'a\0', password: PASSWORD }, 'M_INVALID_PARAM'],
  [{ username: 'x', password: PASSWORD, device_id: '' }, 'M_INVALID_PARAM'],
])('%j is refused with %s before authentication', async (body, errcode) => {
  expect(await post(body)).toMatchObject({ status: 400, body: { errcode } })
})

test('whether a name is free', async () => {
  const ask = (username: string) =>
    server.request('GET', `${REGISTER}/available?username=${encodeURIComponent(username)}`)
  expect(await ask('nobody')).toMatchObject({ status: 200, body: { available: true } })
  ok(await register({ username: 'taken', password: PASSWORD }))
  expect(await ask('taken')).toMatchObject({ status: 400, body: { errcode: 'M_USER_IN_USE' } })
  expect(await ask('TAKEN')).toMatchObject({ status: 400, body: { errcode: 'M_USER_IN_USE' } })
  expect(await ask('a b')).toMatchObject({ status: 400, body: { errcode: 'M_INVALID_USERNAME' } })
  const taken = await post({ username: 'taken', password: PASSWORD })
  expect(taken).toMatchObject({ status: 400, body: { errcode: 'M_USER_IN_USE' } })
})

test('the set-up link makes an administrator, who hands out tokens', async () => {
  await using closed = await startTestServer({
    policies: {
      registration: { mode: 'closed', sessionlessDummy: false, sharedSecret: undefined },
    },
  })
  const enter = async (username: string, token: string) => {
    const body = { username, password: PASSWORD }
    const first = await closed.request('POST', REGISTER, { body })
    const auth = { type: 'm.login.registration_token', token, session: at(first.body, 'session') }
    return await closed.request('POST', REGISTER, { body: { ...body, auth } })
  }
  const setup = await closed.ctx.registration.ensureSetupToken()
  const validity = '/_matrix/client/v1/register/m.login.registration_token/validity?token='
  expect((await closed.request('GET', validity + setup)).body).toEqual({ valid: true })
  const admin = text(ok(await enter('admin', setup ?? '')), 'access_token')

  const refused = { status: 403, body: { errcode: 'M_FORBIDDEN' } }
  expect(await closed.request('POST', REGISTER, { body: {} })).toMatchObject(refused)
  expect((await closed.request('GET', validity + setup)).body).toEqual({ valid: false })

  const made = await closed.request('POST', '/_synapse/admin/v1/registration_tokens/new', {
    token: admin,
    body: { uses_allowed: 1 },
  })
  const friend = text(ok(await enter('friend', text(ok(made), 'token'))), 'access_token')
  const tokens = '/_synapse/admin/v1/registration_tokens'
  expect(await closed.request('GET', tokens, { token: friend })).toMatchObject(refused)
  expect(await closed.request('POST', REGISTER, { body: {} })).toMatchObject(refused)
})
