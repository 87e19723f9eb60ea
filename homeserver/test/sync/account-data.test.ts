import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { joined, path, Reader } from './reader.ts'

let server: TestServer
let alice: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const global = (type: string) => path('user', alice.userId, 'account_data', type)
const perRoom = (room: string, type: string) =>
  path('user', alice.userId, 'rooms', room, 'account_data', type)

test('global data is kept, read back and synced, as it was written', async () => {
  const reader = new Reader(alice)
  await reader.next()
  const waiting = reader.next(10_000)
  const content = { '@bob:test': ['!a:test'], nested: { list: [1, 2, { deep: true }] } }
  ok(await alice.call('PUT', global('m.direct'), content))
  expect(ok(await alice.call('GET', global('m.direct')))).toEqual(content)
  const events = [{ type: 'm.direct', content }]
  expect(at(await waiting, 'account_data', 'events')).toEqual(events)
  const first = list(await new Reader(alice).next(), 'account_data', 'events')
  expect(first).toEqual(expect.arrayContaining(events))
})

test('data of a room comes with the room', async () => {
  const room = await alice.createRoom()
  const reader = new Reader(alice)
  await reader.next()
  ok(await alice.call('PUT', perRoom(room, 'm.tag'), { tags: { 'u.work': {} } }))
  const section = joined(await reader.next(), room)
  expect(at(section, 'account_data', 'events')).toEqual([
    { type: 'm.tag', content: { tags: { 'u.work': {} } } },
  ])
  expect(ok(await alice.call('GET', perRoom(room, 'm.tag')))).toEqual({ tags: { 'u.work': {} } })
})

test('a first sync always has the push rules', async () => {
  const events = list(await new Reader(alice).next(), 'account_data', 'events')
  const rules = events.find((event) => at(event, 'type') === 'm.push_rules')
  const ids = list(rules, 'content', 'global', 'override').map((rule) => at(rule, 'rule_id'))
  expect(ids[0]).toBe('.m.rule.master')
  expect(ok(await alice.call('GET', '/pushrules/'))).toEqual(at(rules, 'content'))
  expect(ok(await alice.call('GET', '/pushrules/global/'))).toEqual(at(rules, 'content', 'global'))
  expect(ok(await alice.call('GET', global('m.push_rules')))).toEqual(at(rules, 'content'))
})

test('single push rules can be read, unknown ones are not found', async () => {
  const master = '/pushrules/global/override/.m.rule.master'
  expect(at(ok(await alice.call('GET', master)), 'rule_id')).toBe('.m.rule.master')
  expect(ok(await alice.call('GET', `${master}/enabled`))).toEqual({ enabled: false })
  expect(ok(await alice.call('GET', `${master}/actions`))).toEqual({ actions: [] })
  for (const unknown of ['override/nope', 'nokind/.m.rule.master', 'underride/.m.rule.master']) {
    const answer = await alice.call('GET', `/pushrules/global/${unknown}`)
    expect([answer.status, at(answer.body, 'errcode')]).toEqual([404, 'M_NOT_FOUND'])
  }
})

test('what the server controls cannot be written', async () => {
  const room = await alice.createRoom()
  const forbidden = ['m.push_rules', 'm.fully_read']
  const targets = forbidden.flatMap((type) => [global(type), perRoom(room, type)])
  for (const target of targets) {
    const answer = await alice.call('PUT', target, { event_id: '$a' })
    expect([answer.status, at(answer.body, 'errcode')]).toEqual([405, 'M_BAD_JSON'])
  }
})

test('the fully read marker, which the server writes, can be read', async () => {
  const room = await alice.createRoom()
  const event = await alice.say(room, 'read')
  ok(await alice.call('POST', path('rooms', room, 'read_markers'), { 'm.fully_read': event }))
  const stored = ok(await alice.call('GET', perRoom(room, 'm.fully_read')))
  expect(stored).toEqual({ event_id: event })
})

test("data of others is nobody else's", async () => {
  const bob = await server.user('bob')
  const read = await bob.call('GET', global('m.direct'))
  const write = await bob.call('PUT', global('m.direct'), {})
  expect([read.status, write.status]).toEqual([403, 403])
  const absent = await alice.call('GET', global('org.example.none'))
  expect([absent.status, at(absent.body, 'errcode')]).toEqual([404, 'M_NOT_FOUND'])
})
