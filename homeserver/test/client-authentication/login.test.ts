import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, text } from '../harness/user.ts'

const LOGIN = '/_matrix/client/v3/login'
const PASSWORD = 'a password'

let server: TestServer
beforeAll(async () => {
  server = await startTestServer()
  await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const login = (body: unknown) => server.request('POST', LOGIN, { body })
const whoami = (token: string) =>
  server.request('GET', '/_matrix/client/v3/account/whoami', { token })
const byName = (user: string, password = PASSWORD) => ({
  type: 'm.login.password',
  identifier: { type: 'm.id.user', user },
  password,
})

test('the flows are listed', async () => {
  expect(ok(await server.request('GET', LOGIN))).toEqual({
    flows: [{ type: 'm.login.password' }, { type: 'm.login.token', get_login_token: true }],
  })
})

test.each([
  byName('alice'),
  byName('ALICE'),
  byName('@alice:test.example'),
  byName('@ALICE:test.example'),
  { type: 'm.login.password', user: 'alice', password: PASSWORD },
  { type: 'm.login.password', user: '@alice:test.example', password: PASSWORD },
])('signs in with %j', async (body) => {
  const answer = ok(await login({ ...body, device_id: 'LAPTOP' }))
  expect(answer).toMatchObject({ user_id: '@alice:test.example', device_id: 'LAPTOP' })
  expect(answer).not.toHaveProperty('well_known')
  expect((await whoami(text(answer, 'access_token'))).status).toBe(200)
})

test.each([
  [byName('alice', 'wrong'), 403, 'M_FORBIDDEN'],
  [byName('nobody'), 403, 'M_FORBIDDEN'],
  [byName('@alice:other.example'), 403, 'M_FORBIDDEN'],
  [byName('@@alice:test.example'), 403, 'M_FORBIDDEN'],
  [byName('\0'), 403, 'M_FORBIDDEN'],
  [{ ...byName('alice'), identifier: { type: 'm.id.phone', phone: '1' } }, 403, 'M_FORBIDDEN'],
  [{ type: 'm.login.password', password: PASSWORD }, 400, 'M_MISSING_PARAM'],
  [{ type: 'm.login.password', user: 'alice' }, 400, 'M_MISSING_PARAM'],
  [{ type: 'm.login.token' }, 400, 'M_MISSING_PARAM'],
  [{ type: 'm.login.token', token: 'made-up' }, 403, 'M_FORBIDDEN'],
  [{ type: 'm.login.sso' }, 400, 'M_UNKNOWN'],
  [{}, 400, 'M_MISSING_PARAM'],
  [{ type: 1 }, 400, 'M_BAD_JSON'],
  [{ ...byName('alice'), password: 1 }, 400, 'M_BAD_JSON'],
  [{ ...byName('alice'), identifier: 'alice' }, 400, 'M_BAD_JSON'],
  [{ ...byName('alice'), device_id: 'a\0' }, 400, 'M_INVALID_PARAM'],
])('%j is refused', async (body, status, errcode) => {
  expect(await login(body)).toMatchObject({ status, body: { errcode } })
})

test('logging out ends the session that asked, logging out of all ends all', async () => {
  const [first, second, third] = [
    await server.user('bob').then((bob) => bob.token),
    text(ok(await login(byName('bob'))), 'access_token'),
    text(ok(await login(byName('bob'))), 'access_token'),
  ]
  const unknown = { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } }
  const out = await server.request('POST', '/_matrix/client/v3/logout', { token: first })
  expect(out).toMatchObject({ status: 200, body: {} })
  expect(await whoami(first)).toMatchObject(unknown)
  expect((await whoami(second)).status).toBe(200)
  ok(await server.request('POST', '/_matrix/client/v3/logout/all', { token: second, body: {} }))
  expect(await whoami(second)).toMatchObject(unknown)
  expect(await whoami(third)).toMatchObject(unknown)
})

test('who proves the password again gets a token for one more login', async () => {
  const carol = await server.user('carol')
  const getToken = (body: unknown) =>
    server.request('POST', '/_matrix/client/v1/login/get_token', { token: carol.token, body })
  const challenge = await getToken({})
  expect(challenge).toMatchObject({
    status: 401,
    body: { flows: [{ stages: ['m.login.password'] }] },
  })
  const session = at(challenge.body, 'session')
  const wrong = await getToken({ auth: { ...byName('carol', 'wrong'), session } })
  expect(wrong).toMatchObject({ status: 401, body: { errcode: 'M_FORBIDDEN', session } })
  const other = await getToken({ auth: { ...byName('alice'), session } })
  expect(other).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } })
  const granted = ok(await getToken({ auth: { ...byName('carol'), session } }))
  expect(granted).toMatchObject({ expires_in_ms: 120_000 })

  const body = { type: 'm.login.token', token: text(granted, 'login_token') }
  expect(ok(await login(body))).toMatchObject({ user_id: '@carol:test.example' })
  expect(await login(body)).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } })
  expect(await getToken({ auth: { ...byName('carol'), session } })).toMatchObject({ status: 401 })
})

test('a login on one server ends a token that another one over the same database has cached', async () => {
  await using other = await startTestServer({ databaseUrl: server.databaseUrl })
  const dave = await server.user('dave')
  const ask = () => other.request('GET', '/_matrix/client/v3/account/whoami', { token: dave.token })
  expect((await ask()).status).toBe(200)
  ok(await dave.call('POST', '/logout'))
  await expect.poll(async () => (await ask()).status).toBe(401)
})

test('a public base URL is told to clients', async () => {
  await using known = await startTestServer({
    config: 'http: { public_baseurl: https://matrix.test.example/ }',
  })
  await known.user('alice')
  const wellKnown = { 'm.homeserver': { base_url: 'https://matrix.test.example' } }
  const answer = await known.request('POST', LOGIN, { body: byName('alice') })
  expect(ok(answer)).toMatchObject({ well_known: wellKnown })
  expect(ok(await known.request('GET', '/.well-known/matrix/client'))).toEqual(wellKnown)
})

test('without one, clients are told the address that they used', async () => {
  const answer = await server.request('GET', '/.well-known/matrix/client')
  expect(ok(answer)).toEqual({ 'm.homeserver': { base_url: server.url } })
  expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
})

test('versions and capabilities', async () => {
  const versions = await server.request('GET', '/_matrix/client/versions')
  expect(ok(versions)).toMatchObject({ versions: ['v1.1'] })
  expect(versions.headers.get('Vary')).toBe('Authorization')
  const alice = await server.user('eve')
  expect(ok(await alice.call('GET', '/capabilities'))).toMatchObject({
    capabilities: {
      'm.room_versions': { default: '12', available: { 3: 'stable', 12: 'stable' } },
      'm.change_password': { enabled: true },
    },
  })
})
