import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import {
  bodies,
  joined,
  keys,
  left,
  path,
  read,
  Reader,
  stateOf,
  timelineOf,
  types,
  typing,
} from './reader.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
/** A room with everything that a filter can drop, and another like it. */
let room: string
let other: string

const dataPath = (...parts: string[]) => path('user', bob.userId, ...parts)

async function filled(): Promise<string> {
  const made = await alice.createRoom({ preset: 'public_chat', name: 'Named' })
  await bob.join(made)
  await alice.setState(made, 'org.example.link', '', { url: 'mxc://test.example/a' })
  await alice.say(made, 'from alice')
  const image = { msgtype: 'm.image', body: 'image', url: 'mxc://test.example/b' }
  const target = `${path('rooms', made)}/send/m.room.message/image`
  ok(await alice.call('PUT', target, image))
  const last = await bob.say(made, 'from bob')
  await read(bob, made, last)
  await typing(alice, made, true)
  ok(await bob.call('PUT', dataPath('rooms', made, 'account_data', 'org.example.a'), { url: 'x' }))
  ok(await bob.call('PUT', dataPath('rooms', made, 'account_data', 'm.tag'), { tags: {} }))
  return made
}

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
  ok(await bob.call('PUT', dataPath('account_data', 'org.example.a'), { url: 'x' }))
  ok(await bob.call('PUT', dataPath('account_data', 'm.direct'), { '@a:b': [] }))
  room = await filled()
  other = await filled()
})
afterAll(() => server[Symbol.asyncDispose]())

/** A first sync of Bob. */
const syncWith = async (filter: unknown): Promise<unknown> =>
  await new Reader(bob, { filter }).next()

/** The section of the room in a first sync with a filter of rooms. */
const sectionWith = async (filter: object, of = room): Promise<unknown> =>
  joined(await syncWith({ room: filter }), of)

const names = (events: readonly unknown[]): string[] => types(events).sort()
const ephemeralOf = (section: unknown) => names(list(section, 'ephemeral', 'events'))
const dataOf = (section: unknown) => names(list(section, 'account_data', 'events'))
const none = { types: [] }

test('rooms and not_rooms pick rooms of every kind', async () => {
  const invited = await alice.createRoom({ invite: [bob.userId] })
  const all = await syncWith({})
  expect(keys(at(all, 'rooms', 'join')).sort()).toEqual([room, other].sort())
  expect(keys(at(all, 'rooms', 'invite'))).toEqual([invited])
  const not = await syncWith({ room: { not_rooms: [invited, other] } })
  expect(at(not, 'rooms', 'invite')).toBeUndefined()
  expect(keys(at(not, 'rooms', 'join'))).toEqual([room])
  const both = await syncWith({ room: { rooms: [room, other], not_rooms: [room] } })
  expect(keys(at(both, 'rooms', 'join'))).toEqual([other])
  expect(keys(at(await syncWith({ room: { rooms: [] } }), 'rooms', 'join'))).toEqual([])
  await bob.leave(invited)
})

test.each([
  [{ types: ['m.room.message'] }, ['from alice', 'image', 'from bob']],
  [{ types: ['*.mess*'] }, ['from alice', 'image', 'from bob']],
  [{ not_types: ['m.room.m*'] }, []],
  [{ types: ['m.*'], not_types: ['m.room.message'] }, []],
  [{ types: [] }, []],
  [{ contains_url: true }, ['image']],
  [{ types: ['m.room.message'], contains_url: false }, ['from alice', 'from bob']],
  [{ senders: ['@bob:test.example'] }, ['from bob']],
  [{ not_senders: ['@bob:test.example'] }, ['from alice', 'image']],
  [{ senders: ['@bob:test.example'], not_senders: ['@bob:test.example'] }, []],
  [{ types: ['m.room.message'], limit: 2 }, ['image', 'from bob']],
])('a timeline with the filter %j has the messages %j', async (timeline, expected) => {
  expect(bodies(await sectionWith({ timeline }))).toEqual(expected)
})

test('a timeline, state, ephemeral events and data are picked by room', async () => {
  const only = { not_rooms: [room] }
  const filter = { timeline: only, state: only, ephemeral: only, account_data: only }
  const answer = await syncWith({ room: filter })
  const here = joined(answer, room)
  const lists = [timelineOf(here), stateOf(here), ephemeralOf(here), dataOf(here)]
  expect(lists).toEqual([[], [], [], []])
  const there = joined(answer, other)
  expect(timelineOf(there)).toHaveLength(10)
  expect(stateOf(there).length).toBeGreaterThan(0)
  expect(ephemeralOf(there)).toEqual(['m.receipt', 'm.typing'])
  expect(dataOf(there)).toEqual(['m.tag', 'org.example.a'])
})

test.each([
  [{ types: ['m.room.name', 'org.*'] }, ['m.room.name|', 'org.example.link|']],
  [{ contains_url: true }, ['org.example.link|']],
  [{ not_types: ['m.*'] }, ['org.example.link|']],
  [{ senders: ['@bob:test.example'] }, ['m.room.member|@bob:test.example']],
  [none, []],
])('state with the filter %j is %j', async (state, expected) => {
  const section = await sectionWith({ timeline: none, state })
  expect(names(stateOf(section))).toEqual(expected)
})

test.each([
  [{ types: ['m.typing'] }, ['m.typing']],
  [{ not_types: ['m.typ*'] }, ['m.receipt']],
  [{ senders: ['@alice:test.example'] }, []],
  [{ contains_url: true }, []],
  [{ contains_url: false, limit: 1 }, ['m.receipt', 'm.typing']],
])('ephemeral events with the filter %j are %j', async (filter, expected) => {
  expect(ephemeralOf(await sectionWith({ ephemeral: filter }))).toEqual(expected)
})

test.each([
  [{ types: ['m.*'] }, ['m.tag']],
  [{ not_types: ['m.tag'] }, ['org.example.a']],
  [{ senders: [] }, []],
  [{ contains_url: true }, ['org.example.a']],
  [{ contains_url: false }, ['m.tag']],
])("a room's data with the filter %j is %j", async (filter, expected) => {
  expect(dataOf(await sectionWith({ account_data: filter }))).toEqual(expected)
})

test.each([
  [{ types: ['m.d*'] }, ['m.direct']],
  [{ not_types: ['m.push_rules', 'm.direct'] }, ['org.example.a']],
  [{ senders: ['@bob:test.example'] }, []],
  [none, []],
])('global data with the filter %j is %j', async (filter, expected) => {
  expect(dataOf(await syncWith({ account_data: filter }))).toEqual(expected)
})

test('event_fields leaves of events what is asked for, and what makes them events', async () => {
  const fields = ['content.body', 'unsigned.age']
  const section = joined(await syncWith({ event_fields: fields }), room)
  const message = timelineOf(section).at(-1)
  expect(message).toEqual({
    content: { body: 'from bob' },
    event_id: expect.any(String),
    origin_server_ts: expect.any(Number),
    sender: bob.userId,
    type: 'm.room.message',
    unsigned: { age: expect.any(Number) },
  })
  const state = [...stateOf(section), ...timelineOf(section)]
  const name = state.find((event) => at(event, 'type') === 'm.room.name')
  expect([at(name, 'content'), at(name, 'state_key')]).toEqual([{}, ''])
})

test('rooms that were left come with what the filter lets pass, once they are asked for', async () => {
  const gone = await filled()
  await bob.leave(gone)
  expect(left(await syncWith({}), gone)).toBeUndefined()
  const filter = {
    include_leave: true,
    timeline: { types: ['m.room.message'], not_senders: [bob.userId] },
    state: { types: ['m.room.name'] },
    account_data: { types: ['m.tag'] },
  }
  const section = left(await syncWith({ room: filter }), gone)
  expect(bodies(section)).toEqual(['from alice', 'image'])
  expect(names(stateOf(section))).toEqual(['m.room.name|'])
  expect(dataOf(section)).toEqual(['m.tag'])
  const without = await syncWith({ room: { ...filter, not_rooms: [gone] } })
  expect(left(without, gone)).toBeUndefined()
})

test('a room at which the user knocks shows what it is, once, until the knock ends', async () => {
  const knocked = await alice.createRoom({
    name: 'Knock knock',
    initial_state: [{ type: 'm.room.join_rules', state_key: '', content: { join_rule: 'knock' } }],
  })
  const reader = new Reader(bob)
  await reader.next()
  ok(await bob.call('POST', path('knock', knocked), { reason: 'please' }))
  const state = (answer: unknown) =>
    list(answer, 'rooms', 'knock', knocked, 'knock_state', 'events')
  for (const answer of [await reader.next(), await syncWith({})]) {
    const own = state(answer).filter((event) => at(event, 'type') === 'm.room.member')
    expect(own).toEqual([
      {
        type: 'm.room.member',
        state_key: bob.userId,
        sender: bob.userId,
        content: expect.objectContaining({ membership: 'knock', reason: 'please' }),
      },
    ])
    expect(types(state(answer))).toContain('m.room.name|')
  }
  expect(at(await reader.next(), 'rooms', 'knock')).toBeUndefined()
  const without = await syncWith({ room: { not_rooms: [knocked] } })
  expect(at(without, 'rooms', 'knock')).toBeUndefined()
  ok(await bob.call('POST', path('rooms', knocked, 'leave'), {}))
  const after = await reader.next()
  expect(at(after, 'rooms', 'knock')).toBeUndefined()
  expect(text(timelineOf(left(after, knocked)).at(-1), 'content', 'membership')).toBe('leave')
})
