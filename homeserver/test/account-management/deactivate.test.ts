import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { unavailable } from '#matrix/errors.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'

const V3 = '/_matrix/client/v3'
const unknownToken = { status: 401, body: { errcode: 'M_UNKNOWN_TOKEN' } }
const notFound = { status: 404, body: { errcode: 'M_NOT_FOUND' } }

let server: TestServer
let keeper: TestUser
beforeAll(async () => {
  server = await startTestServer()
  keeper = await server.user('keeper')
})
afterAll(() => server[Symbol.asyncDispose]())

const password = (user: Pick<TestUser, 'userId'>, secret = 'a password') => ({
  type: 'm.login.password',
  identifier: { type: 'm.id.user', user: user.userId },
  password: secret,
})
const deactivate = (user: TestUser, more: object = {}) =>
  user.call('POST', '/account/deactivate', { auth: password(user), ...more })
const whoami = (at_: TestServer, token: string) =>
  at_.request('GET', `${V3}/account/whoami`, { token })
const path = (roomId: string, rest: string) => `/rooms/${encodeURIComponent(roomId)}${rest}`

async function membership(roomId: string, user: TestUser): Promise<unknown> {
  const place = path(roomId, `/state/m.room.member/${encodeURIComponent(user.userId)}`)
  return at(ok(await keeper.call('GET', place)), 'membership')
}

test('tokens die at once on every worker, with devices, refresh and login tokens', async () => {
  await using other = await startTestServer({ databaseUrl: server.databaseUrl })
  const alice = await server.user('alice')
  const second = await alice.otherDevice()
  const refreshable = await server.request('POST', `${V3}/login`, {
    body: { ...password(alice), refresh_token: true },
  })
  const granted = await server.request('POST', '/_matrix/client/v1/login/get_token', {
    token: alice.token,
    body: { auth: password(alice) },
  })
  for (const { token } of [alice, second]) ok(await whoami(other, token))

  expect(ok(await deactivate(alice))).toEqual({ id_server_unbind_result: 'success' })

  for (const { token } of [alice, second]) {
    expect(await whoami(server, token)).toMatchObject(unknownToken)
    await expect.poll(() => whoami(other, token)).toMatchObject(unknownToken)
  }
  const refresh = { refresh_token: text(ok(refreshable), 'refresh_token') }
  expect(await server.request('POST', `${V3}/refresh`, { body: refresh })).toMatchObject(
    unknownToken,
  )
  const token = { type: 'm.login.token', token: text(ok(granted), 'login_token') }
  expect(await server.request('POST', `${V3}/login`, { body: token })).toMatchObject({
    status: 403,
  })
})

test('nobody signs in any more, and the name stays taken', async () => {
  const bob = await server.user('bob')
  ok(await deactivate(bob))
  const login = await server.request('POST', `${V3}/login`, { body: password(bob) })
  expect(login).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } })
  const inUse = { status: 400, body: { errcode: 'M_USER_IN_USE' } }
  const body = { username: 'bob', password: 'a password', auth: { type: 'm.login.dummy' } }
  expect(await server.request('POST', `${V3}/register`, { body })).toMatchObject(inUse)
  const available = await server.request('GET', `${V3}/register/available?username=bob`)
  expect(available).toMatchObject(inUse)
})

test('the user leaves rooms and rejects invitations; a ban stays a ban', async () => {
  const carol = await server.user('carol')
  const joined = await keeper.createRoom({ invite: [carol.userId] })
  await carol.join(joined)
  const invited = await keeper.createRoom({ invite: [carol.userId] })
  const banned = await keeper.createRoom()
  ok(await keeper.call('POST', path(banned, '/ban'), { user_id: carol.userId }))
  ok(await deactivate(carol))
  expect(await membership(joined, carol)).toBe('leave')
  expect(await membership(invited, carol)).toBe('leave')
  expect(await membership(banned, carol)).toBe('ban')
  const members = ok(await keeper.call('GET', path(joined, '/joined_members')))
  expect(Object.keys(at(members, 'joined') as object)).toEqual([keeper.userId])
})

test('what an earlier process did not finish is taken up by the next', async () => {
  const dora = await server.user('dora')
  const roomId = await keeper.createRoom({ invite: [dora.userId] })
  await dora.join(roomId)
  await server.ctx.db
    .updateTable('accounts')
    .set({ deactivated: true, leaving: true })
    .where('user_id', '=', dora.userId)
    .execute()
  await using _next = await startTestServer({ databaseUrl: server.databaseUrl })
  await expect.poll(() => membership(roomId, dora)).toBe('leave')
  const left = () =>
    server.ctx.db.selectFrom('accounts').select('user_id').where('leaving', '=', true).execute()
  await expect.poll(left).toEqual([])
})

test('where the workers could not be told, a later attempt tells them', async () => {
  const dirk = await server.user('dirk')
  const roomId = await keeper.createRoom({ invite: [dirk.userId] })
  await dirk.join(roomId)
  const away = vi.spyOn(server.ctx.log, 'append').mockRejectedValueOnce(unavailable('away'))
  expect(await deactivate(dirk)).toMatchObject({ status: 503 })
  away.mockRestore()
  server.ctx.deactivation.start()
  await expect.poll(() => whoami(server, dirk.token)).toMatchObject(unknownToken)
  await expect.poll(() => membership(roomId, dirk)).toBe('leave')
})

test('who is deactivated can be invited like who never was, and nothing comes of it', async () => {
  const clara = await server.user('clara')
  ok(await deactivate(clara))
  const roomId = await keeper.createRoom()
  for (const userId of [clara.userId, '@nobody:test.example']) {
    await keeper.invite(roomId, userId)
    const members = ok(await keeper.call('GET', path(roomId, '/members?membership=invite')))
    expect(list(members, 'chunk').map((event) => at(event, 'state_key'))).toContain(userId)
  }
  expect(await whoami(server, clara.token)).toMatchObject(unknownToken)
})

test('the profile is gone', async () => {
  const emil = await server.user('emil')
  const profile = `/profile/${encodeURIComponent(emil.userId)}`
  ok(await emil.call('PUT', `${profile}/displayname`, { displayname: 'Emil' }))
  ok(await keeper.call('GET', profile))
  ok(await deactivate(emil))
  expect(await keeper.call('GET', profile)).toMatchObject(notFound)
  expect(await keeper.call('GET', `${profile}/displayname`)).toMatchObject(notFound)
})

test('erasing hides messages from who comes later, not from who was there', async () => {
  const fred = await server.user('fred')
  const late = await server.user('late')
  const roomId = await keeper.createRoom({ preset: 'public_chat' })
  await fred.join(roomId)
  const eventId = await fred.say(roomId, 'a secret')
  ok(await fred.call('PUT', `/user/${fred.userId}/account_data/example`, { private: true }))
  ok(await deactivate(fred, { erase: true }))
  await late.join(roomId)

  const event = path(roomId, `/event/${encodeURIComponent(eventId)}`)
  expect(ok(await keeper.call('GET', event))).toMatchObject({ content: { body: 'a secret' } })
  expect(ok(await late.call('GET', event))).toMatchObject({ content: {}, sender: fred.userId })
  const messages = path(roomId, '/messages?dir=b&limit=50')
  expect(JSON.stringify(ok(await keeper.call('GET', messages)))).toContain('a secret')
  const chunk = list(ok(await late.call('GET', messages)), 'chunk')
  expect(chunk.map((shown) => at(shown, 'event_id'))).toContain(eventId)
  expect(JSON.stringify(chunk)).not.toContain('a secret')
  expect(JSON.stringify(await late.sync())).not.toContain('a secret')
  const stored = await server.ctx.db
    .selectFrom('account_data')
    .innerJoin('users', 'users.key', 'account_data.user_key')
    .select('account_data.content')
    .where('users.user_id', '=', fred.userId)
    .execute()
  expect(new Set(stored.map(({ content }) => content))).toEqual(new Set(['{}']))
})

test('without erasing, messages stay as they are', async () => {
  const gina = await server.user('gina')
  const later = await server.user('later')
  const roomId = await keeper.createRoom({ preset: 'public_chat' })
  await gina.join(roomId)
  const eventId = await gina.say(roomId, 'no secret')
  ok(await deactivate(gina))
  await later.join(roomId)
  const event = path(roomId, `/event/${encodeURIComponent(eventId)}`)
  expect(ok(await later.call('GET', event))).toMatchObject({ content: { body: 'no secret' } })
})

test('the password is asked for, and a wrong one deactivates nothing', async () => {
  const hans = await server.user('hans')
  const challenge = await hans.call('POST', '/account/deactivate', {})
  expect(challenge).toMatchObject({
    status: 401,
    body: { flows: [{ stages: ['m.login.password'] }], session: expect.any(String) },
  })
  const wrong = await deactivate(hans, { auth: password(hans, 'wrong') })
  expect(wrong).toMatchObject({ status: 401, body: { errcode: 'M_FORBIDDEN' } })
  const other = await deactivate(hans, { auth: password(keeper) })
  expect(other).toMatchObject({ status: 403, body: { errcode: 'M_FORBIDDEN' } })
  ok(await whoami(server, hans.token))
  ok(await whoami(server, keeper.token))
})

test('who has no session deactivates by the password', async () => {
  const ida = await server.user('ida')
  const body = { auth: password(ida) }
  ok(await server.request('POST', `${V3}/account/deactivate`, { body }))
  expect(await whoami(server, ida.token)).toMatchObject(unknownToken)
  // once only
  expect((await server.request('POST', `${V3}/account/deactivate`, { body })).status).toBe(401)
})

test.each([
  [{ erase: 'yes' }, 400, 'M_BAD_JSON'],
  [{ id_server: 1 }, 400, 'M_BAD_JSON'],
  [{ auth: 'x' }, 400, 'M_BAD_JSON'],
  [[], 400, 'M_BAD_JSON'],
])('%j is refused', async (body, status, errcode) => {
  const answer = await keeper.call('POST', '/account/deactivate', body)
  expect(answer).toMatchObject({ status, body: { errcode } })
})
