import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { Reader } from '../sync/reader.ts'

let server: TestServer
let alice: TestUser | undefined

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

let count = 0
const newUser = () => server.user(`user${(count += 1)}`)
const put = (user: TestUser, path: string, body: unknown) =>
  user.call('PUT', `/pushrules/global/${path}`, body)
const get = async (user: TestUser, path: string) =>
  ok(await user.call('GET', `/pushrules/global/${path}`))
const ids = (rules: unknown, kind: string) =>
  list(rules, kind)
    .filter((rule) => at(rule, 'default') === false)
    .map((rule) => at(rule, 'rule_id'))
const notify = { actions: ['notify'] }
const cake = { actions: ['notify'], pattern: 'cake' }

test('a rule is made, read, changed and deleted', async () => {
  const user = await newUser()
  ok(await put(user, 'content/cake', cake))
  const rule = {
    rule_id: 'cake',
    default: false,
    enabled: true,
    actions: ['notify'],
    pattern: 'cake',
  }
  expect(await get(user, 'content/cake')).toEqual(rule)
  ok(await put(user, 'content/cake/enabled', { enabled: false }))
  ok(await put(user, 'content/cake/actions', { actions: [] }))
  expect(await get(user, 'content/cake')).toEqual({ ...rule, enabled: false, actions: [] })
  ok(await user.call('DELETE', '/pushrules/global/content/cake'))
  expect(ids(await get(user, ''), 'content')).toEqual([])
})

test('an action of older specifications is given back as it was set, and does nothing', async () => {
  const [user, other] = [await newUser(), await newUser()]
  const roomId = await user.createRoom({ preset: 'public_chat' })
  await other.join(roomId)
  const muted = { actions: ['dont_notify'] }
  ok(await put(user, `room/${encodeURIComponent(roomId)}`, muted))
  expect(await get(user, `room/${encodeURIComponent(roomId)}`)).toMatchObject(muted)
  expect(await get(user, `room/${encodeURIComponent(roomId)}/actions`)).toEqual(muted)
  await other.say(roomId, 'hush')
  const body = await user.sync({ timeout: '0' })
  expect(at(body, 'rooms', 'join', roomId, 'unread_notifications', 'notification_count')).toBe(0)
})

test('rules go where they are wanted', async () => {
  const user = await newUser()
  for (const id of ['c', 'b', 'a']) ok(await put(user, `override/${id}`, notify))
  ok(await put(user, 'override/x?after=a', notify))
  ok(await put(user, 'override/y?before=c', notify))
  ok(await put(user, 'override/a?before=c&after=x', notify))
  expect(ids(await get(user, ''), 'override')).toEqual(['x', 'b', 'y', 'a', 'c'])
  for (const place of ['before=none', 'after=.m.rule.master']) {
    const answer = await put(user, `override/z?${place}`, notify)
    expect([answer.status, at(answer.body, 'errcode')]).toEqual([400, 'M_UNKNOWN'])
  }
})

test("the server's own rules can be switched and changed, but not deleted or made", async () => {
  const user = await newUser()
  ok(await put(user, 'override/.m.rule.master/enabled', { enabled: true }))
  ok(await put(user, 'underride/.m.rule.message/actions', { actions: [] }))
  expect(await get(user, 'override/.m.rule.master/enabled')).toEqual({ enabled: true })
  expect(await get(user, 'underride/.m.rule.message/actions')).toEqual({ actions: [] })
  const deleted = await user.call('DELETE', '/pushrules/global/underride/.m.rule.message')
  expect([deleted.status, at(deleted.body, 'errcode')]).toEqual([404, 'M_NOT_FOUND'])
  const made = await put(user, 'override/.mine', notify)
  expect([made.status, at(made.body, 'errcode')]).toEqual([400, 'M_INVALID_PARAM'])
})

test('a change reaches a waiting sync as account data', async () => {
  const user = await newUser()
  const reader = new Reader(user)
  await reader.next()
  const waiting = reader.next(10_000)
  ok(await put(user, 'room/!noisy:test', { actions: [] }))
  const [event] = list(await waiting, 'account_data', 'events')
  expect(at(event, 'type')).toBe('m.push_rules')
  expect(ids(at(event, 'content', 'global'), 'room')).toEqual(['!noisy:test'])
  const path = `/user/${encodeURIComponent(user.userId)}/account_data/m.push_rules`
  expect(ok(await user.call('GET', path))).toEqual(at(event, 'content'))
})

test('changes through two workers at once are all kept', async () => {
  await using other = await startTestServer({ databaseUrl: server.databaseUrl })
  const user = await newUser()
  const paths = Array.from({ length: 8 }, (_, n) => `override/rule${n}`)
  const answers = await Promise.all(
    paths.map((path, n) =>
      (n % 2 === 0 ? server : other).request('PUT', `/_matrix/client/v3/pushrules/global/${path}`, {
        token: user.token,
        body: notify,
      }),
    ),
  )
  expect(answers.map(({ status }) => status)).toEqual(paths.map(() => 200))
  expect(ids(await get(user, ''), 'override')).toHaveLength(8)
})

test.each<[string, string, unknown, number, string]>([
  ['PUT', 'nokind/x', notify, 400, 'M_INVALID_PARAM'],
  ['PUT', 'override/a%2Fb', notify, 400, 'M_INVALID_PARAM'],
  ['PUT', 'override/a%5Cb', notify, 400, 'M_INVALID_PARAM'],
  ['PUT', 'override/a%00b', notify, 400, 'M_INVALID_PARAM'],
  ['PUT', `override/${'x'.repeat(256)}`, notify, 400, 'M_INVALID_PARAM'],
  ['PUT', 'override/x', {}, 400, 'M_MISSING_PARAM'],
  ['PUT', 'override/x', { actions: 'notify' }, 400, 'M_BAD_JSON'],
  ['PUT', 'override/x', { actions: [1] }, 400, 'M_BAD_JSON'],
  ['PUT', 'override/x', { actions: ['explode'] }, 400, 'M_INVALID_PARAM'],
  ['PUT', 'override/x', { actions: [{}] }, 400, 'M_INVALID_PARAM'],
  ['PUT', 'override/x', { actions: [], conditions: {} }, 400, 'M_BAD_JSON'],
  ['PUT', 'override/x', { actions: [], conditions: [1] }, 400, 'M_BAD_JSON'],
  ['PUT', 'override/x', { actions: [], conditions: [{}] }, 400, 'M_INVALID_PARAM'],
  ['PUT', 'content/x', notify, 400, 'M_MISSING_PARAM'],
  ['PUT', 'content/x', { actions: [], pattern: 1 }, 400, 'M_BAD_JSON'],
  ['PUT', 'override/none/enabled', { enabled: true }, 404, 'M_NOT_FOUND'],
  ['PUT', 'override/.m.rule.master/enabled', {}, 400, 'M_MISSING_PARAM'],
  ['PUT', 'override/.m.rule.master/enabled', { enabled: 1 }, 400, 'M_BAD_JSON'],
  ['PUT', 'override/none/actions', { actions: [] }, 404, 'M_NOT_FOUND'],
  ['PUT', 'nokind/x/actions', { actions: [] }, 404, 'M_NOT_FOUND'],
  ['DELETE', 'override/none', undefined, 404, 'M_NOT_FOUND'],
  ['DELETE', 'constructor/x', undefined, 404, 'M_NOT_FOUND'],
])('%s %s with %j answers %i %s', async (method, path, body, status, errcode) => {
  alice ??= await newUser()
  const answer = await alice.call(method, `/pushrules/global/${path}`, body)
  expect([answer.status, at(answer.body, 'errcode')]).toEqual([status, errcode])
})

test('rules need a token', async () => {
  const path = '/_matrix/client/v3/pushrules/global/override/x'
  for (const method of ['PUT', 'DELETE', 'GET']) {
    const body = method === 'GET' ? undefined : notify
    expect((await server.request(method, path, { body })).status).toBe(401)
  }
})

test('there is an end to the number of rules', async () => {
  const user = await newUser()
  const conditions = [{ kind: 'event_match', key: 'content.x', pattern: 'y'.repeat(60_000) }]
  const statuses: number[] = []
  for (const id of ['a', 'b', 'c', 'd', 'e']) {
    statuses.push((await put(user, `override/${id}`, { actions: [], conditions })).status)
  }
  expect(statuses).toEqual([200, 200, 200, 200, 413])
})
