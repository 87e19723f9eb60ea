import { createHmac } from 'node:crypto'
import { expect, test } from 'vitest'
import type { JsonObject } from '#matrix/json.ts'
import { createRateLimiter } from '#policies/rate-limiter.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import {
  accountServices,
  type AccountServicesOptions,
} from '../accounts/test-support/account-services.ts'

const PASSWORD = 'correct horse'
const TOKEN = 'm.login.registration_token'

async function setUp(options: AccountServicesOptions = {}) {
  const database = await testDatabase()
  const services = accountServices(database.db, options)
  /** Sends the body as the endpoint does. */
  const post = (body: JsonObject) =>
    services.registration.register({
      operation: 'POST /register',
      body,
      username: typeof body['username'] === 'string' ? body['username'] : undefined,
      password: typeof body['password'] === 'string' ? body['password'] : undefined,
      address: '192.0.2.1',
    })
  /** Registers in two requests, as clients do. */
  const register = async (username: string, auth: JsonObject) => {
    const body = { username, password: PASSWORD }
    const challenge: unknown = await post(body).catch((error: unknown) => error)
    if (!(challenge instanceof Error) || !('extra' in challenge)) throw challenge
    const { session } = challenge.extra as { session?: string }
    if (session === undefined) throw challenge
    return await post({ ...body, auth: { ...auth, session } })
  }
  return {
    ...services,
    post,
    register,
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  }
}

const closed = { policy: { mode: 'closed' } } as const
const forbidden = { status: 403, errcode: 'M_FORBIDDEN' }
const unauthorized = { status: 401, errcode: 'M_UNAUTHORIZED' }

test('open registration takes the dummy stage', async () => {
  await using server = await setUp()
  const account = await server.register('alice', { type: 'm.login.dummy' })
  expect(account).toMatchObject({ userId: '@alice:test.example', admin: false })
})

test('without a name the server chooses one', async () => {
  await using server = await setUp({ policy: { sessionlessDummy: true } })
  const account = await server.post({ password: PASSWORD, auth: { type: 'm.login.dummy' } })
  expect(account.userId).toMatch(/^@u[a-z0-9]{11}:test\.example$/)
})

test('name and password are judged before authentication', async () => {
  await using server = await setUp()
  await server.register('alice', { type: 'm.login.dummy' })
  const taken = server.post({ username: 'alice', password: PASSWORD })
  await expect(taken).rejects.toMatchObject({ status: 400, errcode: 'M_USER_IN_USE' })
  const invalid = server.post({ username: 'a b', password: PASSWORD })
  await expect(invalid).rejects.toMatchObject({ status: 400, errcode: 'M_INVALID_USERNAME' })
  const weak = server.post({ username: 'bob', password: 'short' })
  await expect(weak).rejects.toMatchObject({ status: 400, errcode: 'M_WEAK_PASSWORD' })
})

test('a password is required', async () => {
  await using server = await setUp({ policy: { sessionlessDummy: true } })
  const attempt = server.post({ username: 'alice', auth: { type: 'm.login.dummy' } })
  await expect(attempt).rejects.toMatchObject({ status: 400, errcode: 'M_MISSING_PARAM' })
})

test('closed registration says so', async () => {
  await using server = await setUp(closed)
  await expect(server.post({})).rejects.toMatchObject(forbidden)
  await expect(server.registration.requireAvailable('alice')).rejects.toMatchObject(forbidden)
})

test('a token of an administrator is good even when registration is closed', async () => {
  await using server = await setUp(closed)
  const { token } = await server.registration.tokens.create({ uses_allowed: 1 })
  const account = await server.register('alice', { type: TOKEN, token })
  expect(account.admin).toBe(false)
  expect(await server.registration.tokens.get(token)).toMatchObject({ completed: 1, pending: 0 })
  await expect(server.post({ username: 'bob' })).rejects.toMatchObject(forbidden)
})

test('the dummy stage is not enough where a token is wanted', async () => {
  await using server = await setUp({ policy: { mode: 'token', sessionlessDummy: true } })
  const attempt = server.register('alice', { type: 'm.login.dummy' })
  await expect(attempt).rejects.toMatchObject({ status: 401 })
  await expect(
    server.post({ username: 'a', password: PASSWORD, auth: { type: 'm.login.dummy' } }),
  ).rejects.toMatchObject({ status: 401 })
})

test('a token is refused once its uses are spent, its time is over or it is deleted', async () => {
  await using server = await setUp({ policy: { mode: 'token' } })
  const { registration } = server
  const soon = server.clock.now() + 1000
  const spent = await registration.tokens.create({ uses_allowed: 0 })
  const late = await registration.tokens.create({ expiry_time: soon })
  const deleted = await registration.tokens.create({})
  await registration.tokens.delete(deleted.token)
  server.clock.advance(1000)
  for (const { token } of [spent, late, deleted, { token: 'made-up' }]) {
    expect(await registration.isTokenValid(token)).toBe(false)
    await expect(server.register('alice', { type: TOKEN, token })).rejects.toMatchObject(
      unauthorized,
    )
  }
})

test('a token that no text column can hold is refused like any other', async () => {
  await using server = await setUp(closed)
  await server.registration.tokens.create({})
  const register = server.register('alice', { type: TOKEN, token: 'a\0b' })
  await expect(register).rejects.toMatchObject(unauthorized)
})

test('of many who use the last use of a token at once, one registers', async () => {
  await using server = await setUp({ policy: { mode: 'token' } })
  const { token } = await server.registration.tokens.create({ uses_allowed: 1 })
  const results = await Promise.allSettled(
    ['a', 'b', 'c', 'd'].map((name) => server.register(name, { type: TOKEN, token })),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await server.registration.tokens.get(token)).toMatchObject({ completed: 1, pending: 0 })
})

test('a registration that fails after authentication gives its use back', async () => {
  await using server = await setUp({ policy: { mode: 'token' } })
  const { token } = await server.registration.tokens.create({ uses_allowed: 2 })
  const results = await Promise.allSettled(
    [1, 2].map(() => server.register('alice', { type: TOKEN, token })),
  )
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(await server.registration.tokens.get(token)).toMatchObject({ completed: 1, pending: 0 })
})

test('the set-up token makes the first account an administrator, once', async () => {
  await using server = await setUp(closed)
  const token = (await server.registration.ensureSetupToken()) ?? ''
  expect(await server.registration.isTokenValid(token)).toBe(true)
  const results = await Promise.allSettled(
    ['a', 'b', 'c'].map((name) => server.register(name, { type: TOKEN, token })),
  )
  const made = results.filter((result) => result.status === 'fulfilled')
  expect(made.map(({ value }) => value.admin)).toEqual([true])
  expect(await server.registration.isTokenValid(token)).toBe(false)
  expect(await server.registration.ensureSetupToken()).toBeUndefined()
})

test('the set-up token stays the same, and is void once there is any account', async () => {
  await using server = await setUp(closed)
  const token = (await server.registration.ensureSetupToken()) ?? ''
  expect(await server.registration.ensureSetupToken()).toBe(token)
  expect(await server.registration.isTokenValid(`${token.slice(1)}x`)).toBe(false)
  await server.accounts.create({ localpart: 'made-by-command', password: PASSWORD })
  expect(await server.registration.isTokenValid(token)).toBe(false)
  await expect(server.register('alice', { type: TOKEN, token })).rejects.toMatchObject(forbidden)
})

test('accounts by one address are limited', async () => {
  const limiter = createRateLimiter({ registration: { per_second: 0.001, burst_count: 1 } })
  await using server = await setUp({ limiter, policy: { sessionlessDummy: true } })
  const auth = { type: 'm.login.dummy' }
  await server.post({ username: 'a', password: PASSWORD, auth })
  const second = server.post({ username: 'b', password: PASSWORD, auth })
  await expect(second).rejects.toMatchObject({ status: 429 })
})

test('tokens are listed by whether they can be used, and changed', async () => {
  await using server = await setUp()
  const { tokens } = server.registration
  await tokens.create({ token: 'good', uses_allowed: 2 })
  await tokens.create({ token: 'spent', uses_allowed: 0 })
  expect((await tokens.list()).map(({ token }) => token)).toEqual(['good', 'spent'])
  expect((await tokens.list(true)).map(({ token }) => token)).toEqual(['good'])
  expect((await tokens.list(false)).map(({ token }) => token)).toEqual(['spent'])
  expect(await tokens.update('spent', { uses_allowed: null })).toEqual({
    token: 'spent',
    uses_allowed: null,
    pending: 0,
    completed: 0,
    expiry_time: null,
  })
  expect(await tokens.update('good', {})).toMatchObject({ uses_allowed: 2 })
})

test.each([{ token: '' }, { token: 'a b' }, { token: 'x'.repeat(65) }, { expiry_time: 1 }])(
  'a token cannot be made from %j',
  async (options) => {
    await using server = await setUp()
    await expect(server.registration.tokens.create(options)).rejects.toMatchObject({
      status: 400,
      errcode: 'M_INVALID_PARAM',
    })
  },
)

test('a token name is given once', async () => {
  await using server = await setUp()
  await server.registration.tokens.create({ token: 'x' })
  const again = server.registration.tokens.create({ token: 'x' })
  await expect(again).rejects.toMatchObject({ status: 400, errcode: 'M_INVALID_PARAM' })
})

test('the shared secret endpoint does not exist without a secret', async () => {
  await using server = await setUp()
  expect(() => server.registration.sharedSecret).toThrow(
    expect.objectContaining({ status: 404, errcode: 'M_UNRECOGNIZED' }),
  )
})

test('a shared-secret request needs a fresh nonce and the right mac', async () => {
  await using server = await setUp({ policy: { sharedSecret: 'complement' } })
  const { sharedSecret } = server.registration
  const sign = (nonce: string, admin: boolean) =>
    createHmac('sha1', 'complement')
      .update([nonce, 'alice', PASSWORD, admin ? 'admin' : 'notadmin'].join('\0'))
      .digest('hex')
  const nonce = sharedSecret.nonce()
  const request = { nonce, username: 'alice', password: PASSWORD, admin: false }
  sharedSecret.requireValid({ ...request, mac: sign(nonce, false) })
  const promoted = { ...request, admin: true, mac: sign(nonce, false) }
  expect(() => sharedSecret.requireValid(promoted)).toThrow(expect.objectContaining(forbidden))
  for (const bad of ['', 'made-up', nonce.replace(/^\d/, '9')]) {
    const forged = { ...request, nonce: bad, mac: sign(bad, false) }
    expect(() => sharedSecret.requireValid(forged)).toThrow('unrecognised nonce')
  }
  server.clock.advance(60_000)
  const late = { ...request, mac: sign(nonce, false) }
  expect(() => sharedSecret.requireValid(late)).toThrow('unrecognised nonce')
})
