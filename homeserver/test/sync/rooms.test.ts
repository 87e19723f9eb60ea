import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import {
  bodies,
  joined,
  keys,
  left,
  members,
  Reader,
  stateOf,
  timelineOf,
  types,
} from './reader.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let reader: Reader
let count = 0

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
beforeEach(async () => {
  bob = await server.user(`bob${count++}`)
  reader = new Reader(bob)
  await reader.next()
})
afterAll(() => server[Symbol.asyncDispose]())

test('an invitation shows what the room is, stripped, and once', async () => {
  const room = await alice.createRoom({
    preset: 'private_chat',
    name: 'Kitchen',
    topic: 'Food',
    invite: [bob.userId],
  })
  const answer = await reader.next()
  const events = list(answer, 'rooms', 'invite', room, 'invite_state', 'events')
  expect(types(events)).toEqual(
    expect.arrayContaining([
      'm.room.create|',
      'm.room.join_rules|',
      'm.room.name|',
      'm.room.topic|',
      `m.room.member|${bob.userId}`,
    ]),
  )
  expect(types(events)).not.toContain('m.room.power_levels|')
  for (const event of events) {
    expect(keys(event).sort()).toEqual(['content', 'sender', 'state_key', 'type'])
  }
  expect(joined(answer, room)).toBeUndefined()
  expect(at(await reader.next(), 'rooms')).toBeUndefined()
  expect(at(await new Reader(bob).next(), 'rooms', 'invite', room)).toBeDefined()
})

test('a room just joined comes whole, with a limited timeline', async () => {
  const room = await alice.createRoom({ preset: 'public_chat', name: 'Open' })
  await alice.say(room, 'before')
  await bob.join(room)
  const section = joined(await reader.next(), room)
  expect(bodies(section)).toEqual(['before'])
  expect(at(section, 'timeline', 'limited')).toBe(true)
  const all = types([...stateOf(section), ...timelineOf(section)])
  expect(all).toEqual(expect.arrayContaining(['m.room.create|', 'm.room.name|']))
  expect(at(section, 'summary')).toEqual({
    'm.joined_member_count': 2,
    'm.invited_member_count': 0,
  })
})

test('what was said before the join stays hidden where history is for members', async () => {
  const room = await alice.createRoom({
    preset: 'public_chat',
    initial_state: [
      { type: 'm.room.history_visibility', content: { history_visibility: 'joined' } },
    ],
  })
  await alice.say(room, 'hidden')
  await bob.join(room)
  await alice.say(room, 'shown')
  const section = joined(await reader.next(), room)
  expect(bodies(section)).toEqual(['shown'])
  const first = joined(await new Reader(bob).next(), room)
  expect(bodies(first)).toEqual(['shown'])
})

test('sync leaks after leave: a room that was left ends with the leave, and says nothing later', async () => {
  const room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
  await reader.next()
  await alice.say(room, 'last words')
  await bob.leave(room)
  await alice.say(room, 'behind the back')
  const answer = await reader.next()
  const section = left(answer, room)
  expect(joined(answer, room)).toBeUndefined()
  expect(types(timelineOf(section))).toEqual(['m.room.message', `m.room.member|${bob.userId}`])
  await alice.say(room, 'still talking')
  expect(at(await reader.next(), 'rooms')).toBeUndefined()
})

test('a ban shows in the left room; a first sync has left rooms only on request', async () => {
  const room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
  await alice.say(room, 'hello')
  await reader.next()
  const ban = { membership: 'ban', reason: 'noise' }
  await alice.setState(room, 'm.room.member', bob.userId, ban)
  const section = left(await reader.next(), room)
  expect(at(timelineOf(section).at(-1), 'content', 'membership')).toBe('ban')

  expect(left(await new Reader(bob).next(), room)).toBeUndefined()
  const filter = { room: { include_leave: true } }
  const whole = left(await new Reader(bob, { filter }).next(), room)
  expect(bodies(whole)).toEqual(['hello'])
})

test('invitations by an ignored user are not told, until the user is ignored no more', async () => {
  const carol = await server.user(`carol${count++}`)
  const ignore = (...users: string[]) =>
    bob.call('PUT', `/user/${encodeURIComponent(bob.userId)}/account_data/m.ignored_user_list`, {
      ignored_users: Object.fromEntries(users.map((user) => [user, {}])),
    })
  const invited = (answer: unknown) => keys(at(answer, 'rooms', 'invite'))
  ok(await ignore(alice.userId))
  await reader.next()
  const unwanted = await alice.createRoom({ preset: 'private_chat', invite: [bob.userId] })
  expect(at(await reader.next(), 'rooms')).toBeUndefined()
  const wanted = await carol.createRoom({ preset: 'private_chat', invite: [bob.userId] })
  expect(invited(await reader.next())).toEqual([wanted])
  expect(invited(await new Reader(bob).next())).toEqual([wanted])
  ok(await ignore())
  expect(invited(await new Reader(bob).next()).sort()).toEqual([unwanted, wanted].sort())
})

test('a refused invitation disappears, and tells nothing of the room', async () => {
  const room = await alice.createRoom({ preset: 'private_chat', invite: [bob.userId] })
  await reader.next()
  await alice.say(room, 'private')
  await bob.leave(room)
  const section = left(await reader.next(), room)
  expect(types(timelineOf(section))).toEqual([`m.room.member|${bob.userId}`])
  expect(stateOf(section)).toEqual([])
})

test('who comes back gets the room whole, without what was said meanwhile', async () => {
  const room = await alice.createRoom({
    preset: 'public_chat',
    initial_state: [
      { type: 'm.room.history_visibility', content: { history_visibility: 'joined' } },
    ],
  })
  await bob.join(room)
  await reader.next()
  await bob.leave(room)
  await reader.next()
  await alice.say(room, 'while away')
  await bob.join(room)
  await alice.say(room, 'welcome back')
  const section = joined(await reader.next(), room)
  expect(bodies(section)).toEqual(['welcome back'])
  expect(at(section, 'timeline', 'limited')).toBe(true)
  const all = types([...stateOf(section), ...timelineOf(section)])
  expect(all).toContain('m.room.create|')
})

test('leaving and coming back between two syncs continues the room', async () => {
  const room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
  await reader.next()
  await bob.leave(room)
  await bob.join(room)
  await alice.say(room, 'hello again')
  const answer = await reader.next()
  expect(left(answer, room)).toBeUndefined()
  expect(bodies(joined(answer, room))).toEqual(['hello again'])
  expect(stateOf(joined(answer, room))).toEqual([])
})

test('a room without a name has its members as heroes, never oneself', async () => {
  const carol = await server.user(`carol${count}`)
  const room = await alice.createRoom({
    preset: 'private_chat',
    invite: [bob.userId, carol.userId],
  })
  await bob.join(room)
  const section = joined(await reader.next(), room)
  expect(at(section, 'summary')).toEqual({
    'm.heroes': [alice.userId, carol.userId],
    'm.joined_member_count': 2,
    'm.invited_member_count': 1,
  })
  await carol.join(room)
  expect(at(joined(await reader.next(), room), 'summary', 'm.joined_member_count')).toBe(3)
  await alice.say(room, 'no change of members')
  expect(at(joined(await reader.next(), room), 'summary')).toBeUndefined()
})

test('lazy loading sends the members that a timeline needs, once', async () => {
  const carol = await server.user(`carol-lazy${count}`)
  const room = await alice.createRoom({ preset: 'public_chat', name: 'Lazy' })
  await carol.join(room)
  await bob.join(room)
  await alice.say(room, 'one')
  const filter = { room: { state: { lazy_load_members: true }, timeline: { limit: 1 } } }
  const lazy = new Reader(bob, { filter })
  const first = joined(await lazy.next(), room)
  expect(new Set(members(stateOf(first)))).toEqual(new Set([alice.userId, bob.userId]))

  await alice.say(room, 'two')
  expect(members(stateOf(joined(await lazy.next(), room)))).toEqual([])
  await carol.say(room, 'three')
  const since = lazy.since ?? ''
  expect(members(stateOf(joined(await lazy.next(), room)))).toEqual([carol.userId])
  const repeated = await bob.sync({ filter: JSON.stringify(filter), since })
  expect(members(stateOf(joined(repeated, room)))).toEqual([carol.userId])

  const redundant = {
    room: { state: { lazy_load_members: true, include_redundant_members: true } },
  }
  await alice.say(room, 'four')
  const again = await bob.sync({ filter: JSON.stringify(redundant), since: lazy.since ?? '' })
  expect(members(stateOf(joined(again, room)))).toContain(alice.userId)
})

test('lazy loading with state_after includes whom the changes in the timeline are about', async () => {
  const room = await alice.createRoom({ name: 'Named', invite: [bob.userId] })
  const filter = { room: { state: { lazy_load_members: true }, timeline: { limit: 20 } } }
  const query = { use_state_after: 'true' }
  const section = joined(await new Reader(alice, { filter, query }).next(), room)
  expect(types(timelineOf(section))).toContain(`m.room.member|${bob.userId}`)
  expect(members(stateOf(section, 'state_after'))).toContain(bob.userId)
})

test('over a gap lazy loading tells every change of members', async () => {
  const room = await alice.createRoom({ preset: 'public_chat', name: 'Lazy gap' })
  await bob.join(room)
  const filter = { room: { state: { lazy_load_members: true }, timeline: { limit: 1 } } }
  const lazy = new Reader(bob, { filter })
  await lazy.next()
  const dave = await server.user(`dave${count}`)
  await dave.join(room)
  await alice.say(room, 'one')
  await alice.say(room, 'two')
  const section = joined(await lazy.next(), room)
  expect(members(stateOf(section))).toContain(dave.userId)
})

test('rooms outside the filter do not appear at all', async () => {
  const wanted = await alice.createRoom({ preset: 'public_chat' })
  const other = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(wanted)
  await bob.join(other)
  const filter = { room: { rooms: [wanted] } }
  const answer = await new Reader(bob, { filter }).next()
  expect(keys(at(answer, 'rooms', 'join'))).toEqual([wanted])
})
