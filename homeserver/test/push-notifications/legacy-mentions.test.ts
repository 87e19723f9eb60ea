import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { joined, Reader, unread } from '../sync/reader.ts'
import { send } from './gateway.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let room: string

beforeAll(async () => {
  server = await startTestServer({ config: 'push: { legacy_mentions: true }' })
  alice = await server.user('alice')
  bob = await server.user('bob')
  room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
  const name = `/profile/${encodeURIComponent(bob.userId)}/displayname`
  ok(await bob.call('PUT', name, { displayname: 'Sir Robert' }))
})
afterAll(() => server[Symbol.asyncDispose]())

test('the rules are there, and can be switched off', async () => {
  const carol = await server.user('carol')
  const path = '/pushrules/global/content/.m.rule.contains_user_name'
  expect(ok(await carol.call('GET', path))).toMatchObject({ pattern: 'carol', enabled: true })
  ok(await carol.call('PUT', `${path}/enabled`, { enabled: false }))
  expect(ok(await carol.call('GET', path))).toMatchObject({ enabled: false })
})

test.each<[string, object, boolean]>([
  ['Bob: come here', {}, true],
  [`hello @bob:test.example!`, {}, true],
  ['where is sir robert?', {}, true],
  ['@room come here', {}, true],
  ['bobsleigh', {}, false],
  ['bob: come here', { 'm.mentions': {} }, false],
  ['@room sir robert', { 'm.mentions': { user_ids: ['@alice:test.example'] } }, false],
  ['you there', { 'm.mentions': { user_ids: ['@bob:test.example'] } }, true],
  ['bob: come here', { msgtype: 'm.notice' }, false],
])('%j with %j highlights: %s', async (body, more, highlights) => {
  const reader = new Reader(bob)
  await reader.next()
  await send(alice, room, { msgtype: 'm.text', body, ...more })
  const section = joined(await reader.next(), room)
  const count = { highlight_count: highlights ? 1 : 0 }
  expect(unread(section)).toMatchObject(count)
  expect(unread(joined(await new Reader(bob).next(), room))).toMatchObject(count)
  // who writes has read
  await bob.say(room, 'yes')
})

test('who lacks the power cannot mention the room', async () => {
  const reader = new Reader(alice)
  await reader.next()
  await bob.say(room, '@room')
  expect(unread(joined(await reader.next(), room))).toMatchObject({ highlight_count: 0 })
  await bob.say(room, 'alice')
  expect(unread(joined(await reader.next(), room))).toMatchObject({ highlight_count: 1 })
  const { body } = await alice.call('GET', '/notifications?only=highlight')
  expect(list(body, 'notifications').map((one) => at(one, 'event', 'content', 'body'))).toEqual([
    'alice',
  ])
})
