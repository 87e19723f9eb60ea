import { afterAll, beforeAll, expect, test } from 'vitest'
import { MovingClock } from '../harness/moving-clock.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, text } from '../harness/user.ts'

const V3 = '/_matrix/client/v3'
const HOUR = 60 * 60_000
const unknown = { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } }
const softLogout = { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN', soft_logout: true } }

const clock = new MovingClock()
let server: TestServer
beforeAll(async () => {
  server = await startTestServer({ clock })
})
afterAll(() => server[Symbol.asyncDispose]())

interface Pair {
  readonly access: string
  readonly refresh: string
}

const pairOf = (body: unknown): Pair => ({
  access: text(body, 'access_token'),
  refresh: text(body, 'refresh_token'),
})

const login = (user: string, more: object = {}) =>
  server.request('POST', `${V3}/login`, {
    body: { type: 'm.login.password', user, password: 'a password', ...more },
  })

/** A new account, and a sign-in of it whose tokens are refreshed. */
async function refreshable(user: string, deviceId = 'PHONE'): Promise<Pair> {
  await server.user(user)
  return pairOf(ok(await login(user, { refresh_token: true, device_id: deviceId })))
}

const refresh = (token: unknown) =>
  server.request('POST', `${V3}/refresh`, { body: { refresh_token: token } })
const next = async ({ refresh: token }: Pair): Promise<Pair> => pairOf(ok(await refresh(token)))
const whoami = (token: string) => server.request('GET', `${V3}/account/whoami`, { token })

test('who can refresh gets an access token that expires, others one that does not', async () => {
  await server.user('alice')
  const with_ = ok(await login('alice', { refresh_token: true }))
  expect(with_).toMatchObject({ expires_in_ms: HOUR, refresh_token: expect.stringMatching(/\S/) })
  const without = ok(await login('alice'))
  expect(without).not.toHaveProperty('refresh_token')
  expect(without).not.toHaveProperty('expires_in_ms')
  clock.advance(HOUR)
  expect(await whoami(text(with_, 'access_token'))).toMatchObject(softLogout)
  expect((await whoami(text(without, 'access_token'))).status).toBe(200)
})

test('registering gives a refresh token to who asks for one', async () => {
  const body = {
    username: 'bob',
    password: 'a password',
    refresh_token: true,
    auth: { type: 'm.login.dummy' },
  }
  const first = pairOf(ok(await server.request('POST', `${V3}/register`, { body })))
  expect(ok(await refresh(first.refresh))).toMatchObject({ expires_in_ms: HOUR })
})

test('an expired access token is a soft logout, and refreshing goes on on the same device', async () => {
  const first = await refreshable('carol')
  expect((await whoami(first.access)).status).toBe(200)
  clock.advance(HOUR)
  expect(await whoami(first.access)).toMatchObject(softLogout)
  const second = await next(first)
  expect(ok(await whoami(second.access))).toMatchObject({
    user_id: '@carol:test.example',
    device_id: 'PHONE',
  })
})

test('a token that expired while its sync waited is no longer answered', async () => {
  const first = await refreshable('dora')
  const since = text(
    ok(await server.request('GET', `${V3}/sync`, { token: first.access })),
    'next_batch',
  )
  const waiting = server.request('GET', `${V3}/sync?timeout=20000&since=${since}`, {
    token: first.access,
  })
  clock.advance(HOUR)
  const second = await next(first)
  const data = `${V3}/user/@dora:test.example/account_data/example`
  ok(await server.request('PUT', data, { token: second.access, body: { a: 1 } }))
  expect(await waiting).toMatchObject(softLogout)
})

test.each(['access', 'refresh'] as const)(
  'the old refresh token works until the new %s token is used',
  async (used) => {
    const first = await refreshable(`erin-${used}`)
    const lost = await next(first)
    const second = await next(first)
    expect(second.refresh).not.toBe(lost.refresh)
    if (used === 'access') ok(await whoami(second.access))
    else await next(second)
    expect(await refresh(first.refresh)).toMatchObject(softLogout)
  },
)

test('windows of one client that refresh at once all stay signed in', async () => {
  const first = await refreshable('frank')
  const [one, two] = await Promise.all([next(first), next(first)])
  ok(await whoami(one.access))
  ok(await whoami(two.access))
  ok(await refresh(one.refresh))
  ok(await refresh(two.refresh))
})

test('a refresh token is used by one of many requests that come after its successor was used', async () => {
  const first = await refreshable('gina')
  ok(await whoami((await next(first)).access))
  const answers = await Promise.all([1, 2, 3].map(() => refresh(first.refresh)))
  expect(answers).toMatchObject([softLogout, softLogout, softLogout])
})

test('repeated refreshing leaves a bounded number of rows', async () => {
  let pair = await refreshable('hugo')
  for (let i = 0; i < 30; i++) pair = await next(pair)
  const lost = pair
  for (let i = 0; i < 20; i++) pair = await next(lost)
  ok(await whoami(pair.access))
  const { user_key } = await server.ctx.db
    .selectFrom('accounts')
    .select('user_key')
    .where('user_id', '=', '@hugo:test.example')
    .executeTakeFirstOrThrow()
  const count = async (table: 'access_tokens' | 'refresh_tokens') => {
    const rows = await server.ctx.db
      .selectFrom(table)
      .innerJoin('devices', 'devices.key', `${table}.device_key`)
      .select('devices.key')
      .where('devices.user_key', '=', user_key)
      .execute()
    return rows.length
  }
  expect(await count('refresh_tokens')).toBeLessThan(30)
  // the device that registered has one too
  expect(await count('access_tokens')).toBeLessThan(31)
})

test('a transaction ID means the same after a refresh', async () => {
  const first = await refreshable('ines')
  const send = async (token: string) => {
    const path = `${V3}/rooms/${encodeURIComponent(roomId)}/send/m.room.message/1`
    const body = { msgtype: 'm.text', body: 'once' }
    return text(ok(await server.request('PUT', path, { token, body })), 'event_id')
  }
  const made = await server.request('POST', `${V3}/createRoom`, { token: first.access, body: {} })
  const roomId = text(ok(made), 'room_id')
  const sent = await send(first.access)
  const second = await next(first)
  expect(await send(second.access)).toBe(sent)
  const path = `${V3}/rooms/${encodeURIComponent(roomId)}/event/${encodeURIComponent(sent)}`
  const event = ok(await server.request('GET', path, { token: second.access }))
  expect(at(event, 'unsigned', 'transaction_id')).toBe('1')
})

test.each(['signing in again on the device', 'logging out'])('%s ends both tokens', async (how) => {
  const name = how.replaceAll(' ', '-')
  const first = await refreshable(name)
  if (how === 'logging out') {
    ok(await server.request('POST', `${V3}/logout`, { token: first.access }))
  } else {
    ok(await login(name, { device_id: 'PHONE' }))
  }
  const answer = await refresh(first.refresh)
  expect(answer).toMatchObject(unknown)
  // the session is gone, so nothing of it may be kept
  expect(answer.body).not.toHaveProperty('soft_logout')
  expect(await whoami(first.access)).toMatchObject(unknown)
})

test('a worker that has cached the old token learns nothing wrong from another', async () => {
  await using other = await startTestServer({ databaseUrl: server.databaseUrl, clock })
  const first = await refreshable('jan')
  const ask = (token: string) => other.request('GET', `${V3}/account/whoami`, { token })
  ok(await ask(first.access))
  const second = await next(first)
  ok(await ask(second.access))
  expect(await refresh(first.refresh)).toMatchObject(softLogout)
  clock.advance(HOUR)
  expect(await ask(first.access)).toMatchObject(softLogout)
  expect(await ask(second.access)).toMatchObject(softLogout)
})

test.each([
  [{}, 400, 'M_MISSING_PARAM'],
  [{ refresh_token: 1 }, 400, 'M_BAD_JSON'],
  [{ refresh_token: null }, 400, 'M_BAD_JSON'],
  [{ refresh_token: '' }, 401, 'M_UNKNOWN_TOKEN'],
  [{ refresh_token: 'made-up' }, 401, 'M_UNKNOWN_TOKEN'],
  [{ refresh_token: '\0\ud800' }, 401, 'M_UNKNOWN_TOKEN'],
])('refreshing with %j is refused', async (body, status, errcode) => {
  const answer = await server.request('POST', `${V3}/refresh`, { body })
  expect(answer).toMatchObject({ status, body: { errcode } })
  expect(answer.body).not.toHaveProperty('soft_logout')
})

test('an access token refreshes nothing, and a refresh token opens nothing', async () => {
  const first = await refreshable('kim')
  expect(await refresh(first.access)).toMatchObject(unknown)
  expect(await whoami(first.refresh)).toMatchObject(unknown)
})
