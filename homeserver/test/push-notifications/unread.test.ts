import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, type TestUser } from '../harness/user.ts'
import { joined, read, Reader, unread } from '../sync/reader.ts'
import { send } from './gateway.ts'

let server: TestServer
let count = 0

beforeAll(async () => {
  server = await startTestServer()
})
afterAll(() => server[Symbol.asyncDispose]())

const counts = (notifications: number, highlights: number) => ({
  notification_count: notifications,
  highlight_count: highlights,
})
const put = async (user: TestUser, path: string, body: unknown) =>
  ok(await user.call('PUT', `/pushrules/global/${path}`, body))
const message = (body: string, more = {}) => ({ msgtype: 'm.text', body, ...more })
const mute = { actions: [] }
const loud = { actions: ['notify', { set_tweak: 'highlight' }] }

/** Alice writes, Bob has rules of his own, Carol those of everybody. */
async function setUp() {
  count += 1
  const [alice, bob, carol] = await Promise.all(
    ['a', 'b', 'c'].map((name) => server.user(`${name}${count}`)),
  )
  if (!alice || !bob || !carol) throw new Error('no users')
  const room = await alice.createRoom({ preset: 'public_chat' })
  await carol.join(room)
  await bob.join(room)
  return { alice, bob, carol, room }
}

/** Counts as a first sync tells them, and as a client that was there all along has them. */
async function countsOf(user: TestUser, room: string, reader?: Reader): Promise<unknown> {
  const first = unread(joined(await new Reader(user).next(), room))
  if (reader !== undefined) expect(unread(joined(await reader.next(), room))).toEqual(first)
  return first
}

test('a muted room counts nothing but what a higher rule lets through', async () => {
  const { alice, bob, carol, room } = await setUp()
  await put(bob, `room/${encodeURIComponent(room)}`, mute)
  const reader = new Reader(bob)
  await reader.next()
  await alice.say(room, 'one')
  await send(alice, room, message('two', { 'm.mentions': { user_ids: [bob.userId] } }))
  expect(await countsOf(bob, room, reader)).toEqual(counts(1, 1))
  expect(await countsOf(carol, room)).toEqual(counts(2, 0))
})

test('a keyword highlights, only as a word, and a receipt clears it', async () => {
  const { alice, bob, room } = await setUp()
  await put(bob, 'content/cake', { ...loud, pattern: 'cake' })
  const reader = new Reader(bob)
  await reader.next()
  await alice.say(room, 'a Cake!')
  const last = await alice.say(room, 'pancakes')
  expect(await countsOf(bob, room, reader)).toEqual(counts(2, 1))
  await alice.say(room, 'more cake')
  expect(await countsOf(bob, room, reader)).toEqual(counts(3, 2))
  await read(bob, room, last)
  expect(await countsOf(bob, room, reader)).toEqual(counts(1, 1))
  await bob.say(room, 'read')
  expect(await countsOf(bob, room, reader)).toEqual(counts(0, 0))
})

test('master silences, and its end brings back what is unread', async () => {
  const { alice, bob, room } = await setUp()
  await put(bob, 'override/.m.rule.master/enabled', { enabled: true })
  await alice.say(room, 'one')
  expect(await countsOf(bob, room)).toEqual(counts(0, 0))
  await put(bob, 'override/.m.rule.master/enabled', { enabled: false })
  expect(await countsOf(bob, room)).toEqual(counts(1, 0))
})

test('whom a user ignores does not count', async () => {
  const { alice, bob, carol, room } = await setUp()
  const path = `/user/${encodeURIComponent(bob.userId)}/account_data/m.ignored_user_list`
  ok(await bob.call('PUT', path, { ignored_users: { [alice.userId]: {} } }))
  await alice.say(room, 'ignored')
  await carol.say(room, 'heard')
  expect(await countsOf(bob, room)).toEqual(counts(1, 0))
})

test('levels, names and the number of members count as the conditions say', async () => {
  const { alice, bob, carol, room } = await setUp()
  const condition = (kind: string, more: object) => ({ ...loud, conditions: [{ kind, ...more }] })
  await put(bob, 'override/power', condition('sender_notification_permission', { key: 'room' }))
  await alice.say(room, 'from above')
  await carol.say(room, 'from below')
  expect(await countsOf(bob, room)).toEqual(counts(2, 1))
  await put(bob, 'override/power', condition('room_member_count', { is: '>3' }))
  expect(await countsOf(bob, room)).toEqual(counts(2, 0))
  await put(bob, 'override/power', condition('room_member_count', { is: '==3' }))
  expect(await countsOf(bob, room)).toEqual(counts(2, 2))
  await put(bob, 'override/power', condition('contains_display_name', {}))
  // their own member event is one that Bob sent: all before it is read
  const name = `/profile/${encodeURIComponent(bob.userId)}/displayname`
  ok(await bob.call('PUT', name, { displayname: 'Bobby B.' }))
  await send(carol, room, message('hello bobby b.'))
  await send(carol, room, message('hello bobby bee'))
  expect(await countsOf(bob, room)).toEqual(counts(2, 1))
})

test('threads have counts of their own', async () => {
  const { alice, bob, room } = await setUp()
  await put(bob, 'content/cake', { ...loud, pattern: 'cake' })
  const root = await alice.say(room, 'root')
  const inThread = { 'm.relates_to': { rel_type: 'm.thread', event_id: root } }
  const first = await send(alice, room, message('cake', inThread))
  await send(alice, room, message('tea', inThread))
  const filter = { room: { timeline: { unread_thread_notifications: true } } }
  const section = async () => joined(await new Reader(bob, { filter }).next(), room)
  expect(unread(await section())).toEqual(counts(1, 0))
  expect(at(await section(), 'unread_thread_notifications', root)).toEqual(counts(2, 1))
  await read(bob, room, first, 'm.read', { thread_id: root })
  expect(at(await section(), 'unread_thread_notifications', root)).toEqual(counts(1, 0))
  expect(unread(await section())).toEqual(counts(1, 0))
})

test('another worker has the same counts, many rooms included', async () => {
  const { alice, bob } = await setUp()
  await put(bob, 'content/cake', { ...loud, pattern: 'cake' })
  const rooms: string[] = []
  for (let n = 0; n < 6; n += 1) {
    const room = await alice.createRoom({ preset: 'public_chat' })
    await bob.join(room)
    await alice.say(room, 'cake')
    if (n % 2 === 0) await alice.say(room, 'tea')
    rooms.push(room)
  }
  await using other = await startTestServer({ databaseUrl: server.databaseUrl })
  const answer = await other.request('GET', '/_matrix/client/v3/sync', { token: bob.token })
  expect(rooms.map((room) => unread(joined(answer.body, room)))).toEqual(
    rooms.map((_, n) => counts(n % 2 === 0 ? 2 : 1, 1)),
  )
})

test('push-glob DoS: hostile patterns of a user do not delay anybody', async () => {
  const { alice, bob, room } = await setUp()
  const pattern = `${'*a?'.repeat(300)}b`
  for (const id of ['x', 'y', 'z']) await put(bob, `content/${id}`, { ...loud, pattern })
  await send(alice, room, message('a'.repeat(30_000)))
  const started = performance.now()
  expect(await countsOf(bob, room)).toEqual(counts(1, 0))
  expect(performance.now() - started).toBeLessThan(5_000)
})
