import { createHmac } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { ok, text } from '../harness/user.ts'

const TOKENS = '/_synapse/admin/v1/registration_tokens'
const REGISTER = '/_synapse/admin/v1/register'

let server: TestServer
let token: string
beforeAll(async () => {
  server = await startTestServer({
    policies: {
      registration: { mode: 'token', sessionlessDummy: false, sharedSecret: 'complement' },
    },
  })
  token = text(ok(await registerBySecret('admin', true)), 'access_token')
})
afterAll(() => server[Symbol.asyncDispose]())

async function registerBySecret(username: string, admin: boolean, secret = 'complement') {
  const nonce = text(ok(await server.request('GET', REGISTER)), 'nonce')
  const mac = createHmac('sha1', secret)
    .update([nonce, username, 'a password', admin ? 'admin' : 'notadmin'].join('\0'))
    .digest('hex')
  const body = { nonce, username, password: 'a password', admin, mac, displayname: 'A name' }
  return await server.request('POST', REGISTER, { body })
}

const call = (method: string, path: string, body?: unknown) =>
  server.request(method, TOKENS + path, { token, body })

test('the shared secret makes accounts, with a name', async () => {
  const body = ok(await registerBySecret('friend', false))
  expect(body).toMatchObject({ user_id: '@friend:test.example', home_server: 'test.example' })
  const profile = '/_matrix/client/v3/profile/@friend:test.example'
  expect(ok(await server.request('GET', profile))).toEqual({ displayname: 'A name' })
  const tokens = await server.request('GET', TOKENS, { token: text(body, 'access_token') })
  expect(tokens).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } })
})

test('a wrong secret is refused', async () => {
  expect(await registerBySecret('intruder', true, 'guess')).toMatchObject({
    status: 403,
    body: { errcode: 'M_FORBIDDEN' },
  })
})

test('a token is made, read, changed, listed and deleted', async () => {
  const fresh = { token: 'abcd', uses_allowed: 3, pending: 0, completed: 0, expiry_time: null }
  expect(ok(await call('POST', '/new', { token: 'abcd', uses_allowed: 3 }))).toEqual(fresh)
  expect(ok(await call('GET', '/abcd'))).toEqual(fresh)
  const changed = { ...fresh, uses_allowed: null, expiry_time: 4_781_243_146_000 }
  const change = { uses_allowed: null, expiry_time: 4_781_243_146_000 }
  expect(ok(await call('PUT', '/abcd', change))).toEqual(changed)
  expect(ok(await call('PUT', '/abcd', {}))).toEqual(changed)
  expect(ok(await call('GET', ''))).toEqual({ registration_tokens: [changed] })
  expect(ok(await call('GET', '?valid=true'))).toEqual({ registration_tokens: [changed] })
  expect(ok(await call('GET', '?valid=false'))).toEqual({ registration_tokens: [] })
  expect(ok(await call('DELETE', '/abcd'))).toEqual({})
  for (const method of ['GET', 'DELETE']) {
    expect(await call(method, '/abcd')).toMatchObject({
      status: 404,
      body: { errcode: 'M_NOT_FOUND' },
    })
  }
  expect((await call('PUT', '/abcd', {})).status).toBe(404)
})

test('without more said, a token has 16 characters and no limits', async () => {
  const made = ok(await call('POST', '/new', {}))
  expect(made).toMatchObject({ uses_allowed: null, expiry_time: null })
  expect(text(made, 'token')).toMatch(/^[A-Za-z0-9]{16}$/)
  expect(text(ok(await call('POST', '/new', { length: 64 })), 'token')).toHaveLength(64)
})

test.each([
  [{ token: 'a b' }, 'M_INVALID_PARAM'],
  [{ token: '' }, 'M_INVALID_PARAM'],
  [{ token: 'x'.repeat(65) }, 'M_INVALID_PARAM'],
  [{ length: 0 }, 'M_INVALID_PARAM'],
  [{ length: 65 }, 'M_INVALID_PARAM'],
  [{ uses_allowed: -1 }, 'M_INVALID_PARAM'],
  [{ uses_allowed: 1.5 }, 'M_INVALID_PARAM'],
  [{ uses_allowed: 2 ** 31 }, 'M_INVALID_PARAM'],
  [{ expiry_time: 1 }, 'M_INVALID_PARAM'],
  [{ uses_allowed: '1' }, 'M_BAD_JSON'],
])('a token cannot be made from %j', async (body, errcode) => {
  expect(await call('POST', '/new', body)).toMatchObject({ status: 400, body: { errcode } })
})

test('a name that cannot be a token is not found, whatever it is', async () => {
  for (const name of ['%ff', '%2e%2e', '__proto__', 'x'.repeat(1000)]) {
    expect((await call('GET', `/${name}`)).status).toBe(404)
  }
  expect((await call('GET', '/a%00')).status).toBe(400)
})

test('without a shared secret the endpoint does not exist', async () => {
  await using other = await startTestServer()
  const missing = { status: 404, body: { errcode: 'M_UNRECOGNIZED' } }
  expect(await other.request('GET', REGISTER)).toMatchObject(missing)
  const body = { nonce: 'x', username: 'x', password: 'x', mac: 'x' }
  expect(await other.request('POST', REGISTER, { body })).toMatchObject(missing)
})
