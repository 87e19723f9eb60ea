import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { ephemeral, joined, path, read, Reader, typing, unread } from './reader.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let room: string
let reader: Reader

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
beforeEach(async () => {
  room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
  reader = new Reader(bob, { filter: { room: { rooms: [room] } } })
  await reader.next()
})
afterAll(() => server[Symbol.asyncDispose]())

const counts = (notifications: number, highlights: number) => ({
  notification_count: notifications,
  highlight_count: highlights,
})
const receiptFor = (section: unknown, event: string, type = 'm.read') =>
  at(ephemeral(section, 'm.receipt'), event, type)

test('a receipt reaches everybody in the room, a first sync included, and moves forward only', async () => {
  const early = await alice.say(room, 'early')
  const late = await alice.say(room, 'late')
  await read(bob, room, late)
  await read(bob, room, early)
  const others = new Reader(alice, { filter: { room: { rooms: [room] } } })
  const section = joined(await others.next(), room)
  expect(at(receiptFor(section, late), bob.userId, 'ts')).toEqual(expect.any(Number))
  expect(receiptFor(section, early)).toBeUndefined()
  expect(at(await others.next(), 'rooms')).toBeUndefined()
})

test('a private receipt stays private', async () => {
  const others = new Reader(alice, { filter: { room: { rooms: [room] } } })
  const event = await alice.say(room, 'hello')
  await others.next()
  await read(bob, room, event, 'm.read.private')
  expect(at(await others.next(), 'rooms')).toBeUndefined()
  const own = joined(await reader.next(), room)
  expect(at(receiptFor(own, event, 'm.read.private'), bob.userId)).toBeDefined()
})

test('unread counts rise with messages and fall with receipts', async () => {
  const first = await alice.say(room, 'one')
  await alice.say(room, 'two')
  expect(unread(joined(await reader.next(), room))).toEqual(counts(2, 0))
  await read(bob, room, first)
  expect(unread(joined(await reader.next(), room))).toEqual(counts(1, 0))
  const mention = { msgtype: 'm.text', body: 'hey', 'm.mentions': { user_ids: [bob.userId] } }
  const sent = await alice.call('PUT', path('rooms', room, 'send', 'm.room.message', 'm1'), mention)
  expect(unread(joined(await reader.next(), room))).toEqual(counts(2, 1))
  await read(bob, room, String(at(sent.body, 'event_id')), 'm.read.private')
  expect(unread(joined(await reader.next(), room))).toEqual(counts(0, 0))
  await alice.say(room, 'three')
  expect(unread(joined(await new Reader(bob).next(), room))).toEqual(counts(1, 0))
})

test('a receipt moves the counts of a client that filters receipts out', async () => {
  const filter = { room: { rooms: [room], ephemeral: { types: [] } } }
  const deaf = new Reader(bob, { filter })
  const event = await alice.say(room, 'one')
  await deaf.next()
  const waiting = deaf.next(10_000)
  await read(bob, room, event)
  expect(unread(joined(await waiting, room))).toEqual(counts(0, 0))
})

test('whoever answers has read, and is not notified of own messages', async () => {
  await alice.say(room, 'question')
  await bob.say(room, 'answer')
  expect(unread(joined(await reader.next(), room))).toEqual(counts(0, 0))
  expect(unread(joined(await new Reader(alice).next(), room))).toEqual(counts(1, 0))
})

test('history before the join is not unread', async () => {
  for (const body of ['a', 'b', 'c']) await alice.say(room, body)
  const carol = await server.user('carol')
  await carol.join(room)
  expect(unread(joined(await new Reader(carol).next(), room))).toEqual(counts(0, 0))
})

test('threads are counted apart when asked, and read apart', async () => {
  const filter = { room: { rooms: [room], timeline: { unread_thread_notifications: true } } }
  const threads = new Reader(bob, { filter })
  const root = await alice.say(room, 'root')
  const reply = {
    msgtype: 'm.text',
    body: 'reply',
    'm.relates_to': { rel_type: 'm.thread', event_id: root },
  }
  const target = path('rooms', room, 'send', 'm.room.message', 'reply')
  const sent = await alice.call('PUT', target, reply)
  const inThread = String(at(sent.body, 'event_id'))
  const section = joined(await threads.next(), room)
  expect(unread(section)).toEqual(counts(1, 0))
  expect(at(section, 'unread_thread_notifications')).toEqual({ [root]: counts(1, 0) })
  expect(unread(joined(await reader.next(), room))).toEqual(counts(2, 0))

  await read(bob, room, root, 'm.read', { thread_id: 'main' })
  const mainRead = joined(await threads.next(), room)
  expect(unread(mainRead)).toEqual(counts(0, 0))
  expect(at(mainRead, 'unread_thread_notifications')).toEqual({ [root]: counts(1, 0) })
  expect(at(receiptFor(mainRead, root), bob.userId, 'thread_id')).toBe('main')

  await read(bob, room, inThread, 'm.read', { thread_id: root })
  expect(at(joined(await threads.next(), room), 'unread_thread_notifications')).toBeUndefined()
})

test('what relates to the root of a thread can be marked in the thread, though not from too far', async () => {
  const related = (event_id: string, rel_type: string) => ({
    msgtype: 'm.text',
    body: rel_type,
    'm.relates_to': { rel_type, event_id },
  })
  const relate = async (event: string, type: string) => {
    const target = path('rooms', room, 'send', 'm.room.message', `${type} of ${event}`)
    return text(ok(await alice.call('PUT', target, related(event, type))), 'event_id')
  }
  const filter = { room: { rooms: [room], timeline: { unread_thread_notifications: true } } }
  const threads = new Reader(bob, { filter })
  const root = await alice.say(room, 'root')
  await relate(root, 'm.thread')
  const chain = [await relate(root, 'm.reference')]
  for (let hop = 2; hop <= 4; hop++) chain.push(await relate(chain.at(-1) ?? '', 'm.reference'))
  const mark = async (event: string | undefined, thread_id: string) => {
    const target = path('rooms', room, 'receipt', 'm.read', event ?? '')
    return (await bob.call('POST', target, { thread_id })).status
  }
  expect(await mark(chain[3], root)).toBe(400)
  expect(await mark(await alice.say(room, 'unrelated'), root)).toBe(400)
  expect(await mark(root, chain[0] ?? '')).toBe(400)
  expect(at(joined(await threads.next(), room), 'unread_thread_notifications')).toEqual({
    [root]: counts(1, 0),
  })
  expect(await mark(chain[2], root)).toBe(200)
  const section = joined(await threads.next(), room)
  expect(at(section, 'unread_thread_notifications')).toBeUndefined()
  expect(at(receiptFor(section, chain[2] ?? ''), bob.userId, 'thread_id')).toBe(root)
})

test('read markers set marker and receipts together; the marker never goes back', async () => {
  const early = await alice.say(room, 'early')
  const late = await alice.say(room, 'late')
  await reader.next()
  const markers = { 'm.fully_read': late, 'm.read': late, 'm.read.private': early }
  ok(await bob.call('POST', path('rooms', room, 'read_markers'), markers))
  const section = joined(await reader.next(), room)
  expect(list(section, 'account_data', 'events')).toEqual([
    { type: 'm.fully_read', content: { event_id: late } },
  ])
  expect(at(receiptFor(section, late), bob.userId)).toBeDefined()
  expect(at(receiptFor(section, early, 'm.read.private'), bob.userId)).toBeDefined()
  ok(await bob.call('POST', path('rooms', room, 'receipt', 'm.fully_read', early), {}))
  expect(at(await reader.next(), 'rooms')).toBeUndefined()
})

test.each([
  ['an empty thread', 'm.read', { thread_id: '' }, 400, 'M_INVALID_PARAM'],
  ['a thread that is no string', 'm.read', { thread_id: 5 }, 400, 'M_INVALID_PARAM'],
  [
    'a thread of another kind of marker',
    'm.fully_read',
    { thread_id: 'main' },
    400,
    'M_INVALID_PARAM',
  ],
  ["a thread that is not the event's", 'm.read', { thread_id: '$other' }, 400, 'M_INVALID_PARAM'],
  ['an unknown type', 'm.seen', {}, 400, 'M_INVALID_PARAM'],
])('%s is refused', async (_, type, body, status, errcode) => {
  const event = await alice.say(room, 'x')
  const answer = await bob.call('POST', path('rooms', room, 'receipt', type, event), body)
  expect([answer.status, at(answer.body, 'errcode')]).toEqual([status, errcode])
})

test('receipts need an event of the room and membership', async () => {
  const other = await alice.createRoom({ preset: 'public_chat' })
  const event = await alice.say(other, 'elsewhere')
  const foreign = await bob.call('POST', path('rooms', room, 'receipt', 'm.read', event), {})
  expect([foreign.status, at(foreign.body, 'errcode')]).toEqual([404, 'M_NOT_FOUND'])
  const outside = await bob.call('POST', path('rooms', other, 'receipt', 'm.read', event), {})
  expect([outside.status, at(outside.body, 'errcode')]).toEqual([403, 'M_FORBIDDEN'])
})

test('typing shows, ends, and is not repeated', async () => {
  const waiting = reader.next(10_000)
  await typing(alice, room, true)
  const userIds = (answer: unknown) => at(ephemeral(joined(answer, room), 'm.typing'), 'user_ids')
  expect(userIds(await waiting)).toEqual([alice.userId])
  await alice.say(room, 'message')
  expect(ephemeral(joined(await reader.next(), room), 'm.typing')).toBeUndefined()
  expect(userIds(await new Reader(bob).next())).toEqual([alice.userId])
  await typing(alice, room, false)
  expect(userIds(await reader.next())).toEqual([])
})

test("typing of others and outside one's rooms is refused", async () => {
  const foreign = await bob.call('PUT', path('rooms', room, 'typing', alice.userId), {
    typing: true,
  })
  expect([foreign.status, at(foreign.body, 'errcode')]).toEqual([403, 'M_FORBIDDEN'])
  const other = await alice.createRoom()
  const outside = await bob.call('PUT', path('rooms', other, 'typing', bob.userId), {
    typing: true,
  })
  expect([outside.status, at(outside.body, 'errcode')]).toEqual([403, 'M_FORBIDDEN'])
})
