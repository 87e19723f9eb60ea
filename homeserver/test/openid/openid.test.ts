import { afterAll, beforeAll, expect, test } from 'vitest'
import { MovingClock } from '../harness/moving-clock.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { ok, text, type TestUser } from '../harness/user.ts'

const USERINFO = '/_matrix/federation/v1/openid/userinfo'
const unknownToken = { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } }

const clock = new MovingClock()
let server: TestServer
let alice: TestUser
beforeAll(async () => {
  server = await startTestServer({ clock })
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const request = (user: TestUser, of: string = user.userId, body: unknown = {}) =>
  user.call('POST', `/user/${encodeURIComponent(of)}/openid/request_token`, body)
const tokenOf = async (user: TestUser) => text(ok(await request(user)), 'access_token')
const userinfo = (token: string) =>
  server.request('GET', `${USERINFO}?access_token=${encodeURIComponent(token)}`)

test('a token tells other services who its user is', async () => {
  const answer = ok(await request(alice))
  expect(answer).toEqual({
    access_token: expect.stringMatching(/^\S{40,}$/),
    token_type: 'Bearer',
    matrix_server_name: 'test.example',
    expires_in: 3600,
  })
  expect(ok(await userinfo(text(answer, 'access_token')))).toEqual({ sub: alice.userId })
})

test('a token expires', async () => {
  const token = await tokenOf(alice)
  clock.advance(3600_000 - 60_000)
  ok(await userinfo(token))
  clock.advance(60_000)
  expect(await userinfo(token)).toMatchObject(unknownToken)
})

test('it opens nothing else, and an access token proves nothing here', async () => {
  const token = await tokenOf(alice)
  for (const [method, path] of [
    ['GET', '/account/whoami'],
    ['GET', '/sync'],
    ['POST', `/user/${alice.userId}/openid/request_token`],
  ] as const) {
    const options = { token, ...(method === 'POST' && { body: {} }) }
    const answer = await server.request(method, `/_matrix/client/v3${path}`, options)
    expect(answer).toMatchObject(unknownToken)
  }
  expect(await userinfo(alice.token)).toMatchObject(unknownToken)
})

test('the database does not hold the token itself', async () => {
  const token = await tokenOf(alice)
  const rows = await server.ctx.db.selectFrom('openid_tokens').select('hash').execute()
  expect(rows.length).toBeGreaterThan(0)
  for (const { hash } of rows) expect(hash.toString('latin1')).not.toContain(token)
})

test('a token ends with the session that asked for it', async () => {
  const second = await alice.otherDevice()
  const token = await tokenOf(second)
  ok(await userinfo(token))
  ok(await second.call('POST', '/logout'))
  expect(await userinfo(token)).toMatchObject(unknownToken)
})

test('nobody gets a token for somebody else', async () => {
  const bob = await server.user('bob')
  for (const of of [alice.userId, '@nobody:test.example', '@bob:other.example']) {
    const answer = await request(bob, of)
    expect(answer).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } })
  }
})

test.each([
  ['@alice:test.example', [], 400, 'M_BAD_JSON'],
  ['alice', {}, 400, 'M_INVALID_PARAM'],
])('asking for %s with %j is refused', async (of, body, status, errcode) => {
  expect(await request(alice, of, body)).toMatchObject({ status, body: { errcode } })
})

test.each([
  ['', 401, 'M_MISSING_TOKEN'],
  ['?access_token=', 401, 'M_UNKNOWN_TOKEN'],
  ['?access_token=made-up', 401, 'M_UNKNOWN_TOKEN'],
  ['?access_token=%ff%fe', 401, 'M_UNKNOWN_TOKEN'],
  ['?access_token=a&access_token=b', 400, 'M_INVALID_PARAM'],
])('userinfo%s is refused', async (query, status, errcode) => {
  expect(await server.request('GET', USERINFO + query)).toMatchObject({ status, body: { errcode } })
})

test('asking without token is refused', async () => {
  const path = `/_matrix/client/v3/user/${alice.userId}/openid/request_token`
  const answer = await server.request('POST', path, { body: {} })
  expect(answer).toMatchObject({ status: 401, body: { errcode: 'M_MISSING_TOKEN' } })
})
