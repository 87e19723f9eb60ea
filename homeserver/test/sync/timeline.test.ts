import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, text, type TestUser } from '../harness/user.ts'
import { bodies, joined, left, messages, Reader, stateOf, timelineOf, types } from './reader.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
afterAll(() => server[Symbol.asyncDispose]())

async function sharedRoom(): Promise<string> {
  const room = await alice.createRoom({ preset: 'public_chat', name: 'Shared' })
  await bob.join(room)
  return room
}

async function say(room: string, ...texts: string[]): Promise<void> {
  for (const body of texts) await alice.say(room, body)
}

test('a gap is limited, and prev_batch leads through it exactly once', async () => {
  const room = await sharedRoom()
  const reader = new Reader(bob, { filter: { room: { timeline: { limit: 5 } } } })
  await reader.next()
  const since = reader.since ?? ''
  const sent = Array.from({ length: 30 }, (_, index) => `message ${index}`)
  await say(room, ...sent)
  const section = joined(await reader.next(), room)
  expect(at(section, 'timeline', 'limited')).toBe(true)
  expect(bodies(section)).toEqual(sent.slice(-5))

  const gap: unknown[] = []
  let from = text(section, 'timeline', 'prev_batch')
  for (let pages = 0; pages < 20; pages++) {
    const page = await messages(bob, room, { from, to: since, dir: 'b', limit: '7' })
    gap.push(...list(page, 'chunk').map((event) => at(event, 'content', 'body')))
    const end = at(page, 'end')
    if (typeof end !== 'string' || list(page, 'chunk').length === 0) break
    from = end
  }
  expect(gap.reverse()).toEqual(sent.slice(0, -5))
})

test('over a gap the state tells what changed before the timeline', async () => {
  const room = await sharedRoom()
  const reader = new Reader(bob, { filter: { room: { timeline: { limit: 2 } } } })
  await reader.next()
  await alice.setState(room, 'm.room.topic', '', { topic: 'early' })
  await alice.setState(room, 'm.room.topic', '', { topic: 'in the gap' })
  await say(room, 'one', 'two')
  await alice.setState(room, 'm.room.name', '', { name: 'in the timeline' })
  const section = joined(await reader.next(), room)
  expect(types(timelineOf(section))).toEqual(['m.room.message', 'm.room.name|'])
  expect(stateOf(section).map((event) => at(event, 'content'))).toEqual([{ topic: 'in the gap' }])
})

test('a timeline of no events leaves the state, in rooms joined and left', async () => {
  const room = await sharedRoom()
  const filter = { room: { rooms: [room], include_leave: true, timeline: { limit: 0 } } }
  const reader = new Reader(bob, { filter })
  const first = joined(await reader.next(), room)
  expect(timelineOf(first)).toEqual([])
  expect(types(stateOf(first))).toContain(`m.room.member|${bob.userId}`)
  const from = text(first, 'timeline', 'prev_batch')
  const page = await messages(bob, room, { from, dir: 'b', limit: '1' })
  expect(at(list(page, 'chunk')[0], 'state_key')).toBe(bob.userId)
  await alice.setState(room, 'm.room.topic', '', { topic: 'news' })
  await alice.say(room, 'not shown')
  const second = joined(await reader.next(), room)
  expect(timelineOf(second)).toEqual([])
  expect(types(stateOf(second))).toEqual(['m.room.topic|'])
  await bob.leave(room)
  await alice.setState(room, 'm.room.topic', '', { topic: 'too late' })
  for (const again of [reader, new Reader(bob, { filter })]) {
    const section = left(await again.next(), room)
    expect(timelineOf(section)).toEqual([])
    const own = stateOf(section).find((event) => at(event, 'state_key') === bob.userId)
    expect(at(own, 'content', 'membership')).toBe('leave')
    const topics = stateOf(section).map((event) => at(event, 'content', 'topic'))
    expect(topics).not.toContain('too late')
  }
})

test('without a gap the state is empty', async () => {
  const room = await sharedRoom()
  const reader = new Reader(bob)
  await reader.next()
  await alice.setState(room, 'm.room.topic', '', { topic: 'seen' })
  const section = joined(await reader.next(), room)
  expect(types(timelineOf(section))).toEqual(['m.room.topic|'])
  expect(stateOf(section)).toEqual([])
  expect(at(section, 'timeline', 'limited')).toBe(false)
})

test('state that the timeline filter drops is told as state', async () => {
  const room = await sharedRoom()
  const filter = { room: { timeline: { types: ['m.room.message'] } } }
  const reader = new Reader(bob, { filter })
  await reader.next()
  await alice.setState(room, 'm.room.topic', '', { topic: 'dropped' })
  const section = joined(await reader.next(), room)
  expect(timelineOf(section)).toEqual([])
  expect(types(stateOf(section))).toEqual(['m.room.topic|'])
})

test('a first sync has the state as of the start of the timeline', async () => {
  const room = await sharedRoom()
  await alice.setState(room, 'm.room.topic', '', { topic: 'old' })
  await say(room, 'between')
  await alice.setState(room, 'm.room.topic', '', { topic: 'new' })
  const filter = { room: { rooms: [room], timeline: { limit: 2 } } }
  const section = joined(await new Reader(bob, { filter }).next(), room)
  expect(types(timelineOf(section))).toEqual(['m.room.message', 'm.room.topic|'])
  const topics = stateOf(section).filter((event) => at(event, 'type') === 'm.room.topic')
  expect(topics.map((event) => at(event, 'content', 'topic'))).toEqual(['old'])
  expect(types(stateOf(section))).toContain('m.room.create|')
})

test('a small new room fits into its timeline, with nothing before', async () => {
  const room = await alice.createRoom()
  const filter = { room: { rooms: [room], timeline: { limit: 50 } } }
  const section = joined(await new Reader(alice, { filter }).next(), room)
  expect(types(timelineOf(section))).toContain('m.room.create|')
  expect(stateOf(section)).toEqual([])
  expect(at(section, 'timeline', 'limited')).toBe(false)
})

test.each([
  ['use_state_after', 'state_after'],
  ['org.matrix.msc4222.use_state_after', 'org.matrix.msc4222.state_after'],
])('%s gives %s as of the end of the timeline, even when empty', async (parameter, field) => {
  const room = await sharedRoom()
  const reader = new Reader(bob, {
    filter: { room: { rooms: [room], timeline: { limit: 2 } } },
    query: { [parameter]: 'true' },
  })
  await alice.setState(room, 'm.room.topic', '', { topic: 'at first' })
  const first = joined(await reader.next(), room)
  expect(at(first, 'state')).toBeUndefined()
  const topicOf = (section: unknown) =>
    stateOf(section, field)
      .filter((event) => at(event, 'type') === 'm.room.topic')
      .map((event) => at(event, 'content', 'topic'))
  expect(topicOf(first)).toEqual(['at first'])

  await say(room, 'only a message')
  const second = joined(await reader.next(), room)
  expect(at(second, field)).toEqual({ events: [] })
  expect(at(second, 'state')).toBeUndefined()

  await alice.setState(room, 'm.room.topic', '', { topic: 'later' })
  await say(room, 'one', 'two', 'three')
  const third = joined(await reader.next(), room)
  expect(bodies(third)).toEqual(['two', 'three'])
  expect(topicOf(third)).toEqual(['later'])

  await bob.leave(room)
  const gone = at(await reader.next(), 'rooms', 'leave', room)
  expect(at(gone, 'state')).toBeUndefined()
  expect(types(stateOf(gone, field))).toEqual([`m.room.member|${bob.userId}`])
})

test('full_state tells all state again, without repeating the timeline', async () => {
  const room = await sharedRoom()
  const reader = new Reader(bob, { filter: { room: { rooms: [room] } } })
  await reader.next()
  await say(room, 'news')
  const section = joined(await bob.sync({ since: reader.since ?? '', full_state: 'true' }), room)
  expect(bodies(section)).toEqual(['news'])
  expect(timelineOf(section)).toHaveLength(1)
  expect(types(stateOf(section))).toContain('m.room.create|')
})

test('a redacted message comes pruned', async () => {
  const room = await sharedRoom()
  const reader = new Reader(bob, { filter: { room: { rooms: [room] } } })
  await reader.next()
  const event = await alice.say(room, 'secret')
  const path = `/rooms/${encodeURIComponent(room)}/redact/${encodeURIComponent(event)}/1`
  await alice.call('PUT', path, {})
  const shown = timelineOf(joined(await reader.next(), room))
  expect(types(shown)).toEqual(['m.room.message', 'm.room.redaction'])
  expect(at(shown[0], 'content')).toEqual({})
  expect(text(shown[0], 'unsigned', 'redacted_because', 'type')).toBe('m.room.redaction')
})

test('in the federation format events come as they are signed', async () => {
  const room = await sharedRoom()
  const filter = { event_format: 'federation', room: { rooms: [room], timeline: { limit: 1 } } }
  const section = joined(await new Reader(bob, { filter }).next(), room)
  expect(at(section, 'timeline', 'events', 0, 'signatures')).toBeDefined()
  expect(at(section, 'state', 'events', 0, 'auth_events')).toBeDefined()
})
