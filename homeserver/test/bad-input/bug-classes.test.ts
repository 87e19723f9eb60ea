// Classes of bugs that other servers had, of those that clients can provoke; each named in its title.
import { afterAll, beforeAll, expect, test } from 'vitest'
import { canonicalJson } from '#matrix/events/canonical-json.ts'
import { checkEventFormat } from '#matrix/events/format.ts'
import { eventIdOf } from '#matrix/events/hashes.ts'
import type { Pdu } from '#matrix/events/pdu.ts'
import { checkContentHash } from '#matrix/events/signing.ts'
import { isJsonObject, type JsonObject } from '#matrix/json.ts'
import { DEFAULT_ROOM_VERSION } from '#matrix/room-versions/room-version.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
afterAll(() => server[Symbol.asyncDispose]())

const inRoom = (room: string, rest: string) => `/rooms/${encodeURIComponent(room)}/${rest}`

async function sharedRoom(): Promise<string> {
  const room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
  return room
}

/** All events of a room, oldest first, in the form in which servers sign them, or that of clients. */
async function timeline(room: string, format: 'client' | 'federation'): Promise<JsonObject[]> {
  const part = { timeline: { limit: 500 }, rooms: [room] }
  const filter = JSON.stringify({ event_format: format, room: part })
  const answer = await alice.sync({ filter })
  return list(answer, 'rooms', 'join', room, 'timeline', 'events').filter(isJsonObject)
}

async function pdusOf(room: string): Promise<Pdu[]> {
  return (await timeline(room, 'federation')).map((found) => {
    const pdu: JsonObject = Object.fromEntries(
      Object.entries(found).filter(([key]) => key !== 'unsigned'),
    )
    checkEventFormat(pdu, DEFAULT_ROOM_VERSION)
    return pdu
  })
}

const ODD_CONTENTS = [
  '{"body":"\\u0000","__proto__":{"x":1},"constructor":1}',
  '{"10":1,"9":2,"😀":1,"ﬁ":2,"":""}',
  '{"n":9007199254740991,"m":-9007199254740991}',
  `{"deep":${'['.repeat(400)}${']'.repeat(400)}}`,
  '{"m.relates_to":{"rel_type":7,"event_id":{}}}',
  '{"m.relates_to":{"m.in_reply_to":[]},"m.new_content":7}',
  '{"m.mentions":{"user_ids":"@bob","room":"yes"}}',
]

test('malformed event stops federation: what is taken is canonical, hashed and of the right form', async () => {
  const room = await sharedRoom()
  for (const [n, raw] of ODD_CONTENTS.entries()) {
    const path = `/_matrix/client/v3${inRoom(room, `send/m.room.message/odd${n}`)}`
    ok(await server.request('PUT', path, { token: alice.token, raw }))
  }
  const pdus = await pdusOf(room)
  expect(pdus.length).toBeGreaterThan(ODD_CONTENTS.length)
  for (const pdu of pdus) {
    expect(checkContentHash(pdu)).toBe(true)
    expect(() => canonicalJson(pdu)).not.toThrow()
  }
})

test('mutation changed ID: an event keeps its ID however it was edited, related to, redacted and read', async () => {
  const room = await sharedRoom()
  const events = [await alice.say(room, 'edited'), await alice.say(room, 'redacted')]
  const relate = (type: string, txn: string, content: unknown) =>
    bob.call('PUT', inRoom(room, `send/${type}/${txn}`), content)
  for (const [n, event] of events.entries()) {
    const reaction = { rel_type: 'm.annotation', event_id: event, key: '👍' }
    ok(await relate('m.reaction', `react${n}`, { 'm.relates_to': reaction }))
    ok(await alice.call('GET', inRoom(room, `context/${event}`)))
    const edit = { rel_type: 'm.replace', event_id: event }
    const content = { body: '*', 'm.new_content': { body: 'new' }, 'm.relates_to': edit }
    ok(await alice.call('PUT', inRoom(room, `send/m.room.message/edit${n}`), content))
  }
  ok(await alice.call('PUT', inRoom(room, `redact/${events[1]}/gone`), {}))
  const told = (await timeline(room, 'client')).map((event) => event['event_id'])
  const computed = (await pdusOf(room)).map((pdu) => eventIdOf(pdu, DEFAULT_ROOM_VERSION))
  expect(computed).toEqual(told)
  expect(told).toEqual(expect.arrayContaining(events))
})

test('rejected event resurrected, event in own auth chain: an event builds on earlier ones that were accepted', async () => {
  const room = await sharedRoom()
  const refused = [
    ['state/m.room.name/', { name: 'mine now' }],
    ['state/m.room.power_levels/', { users: { [bob.userId]: 100 } }],
    [`state/m.room.member/${alice.userId}`, { membership: 'ban' }],
    [`state/m.room.member/${alice.userId}`, { membership: 'leave' }],
    ['state/m.room.tombstone/', { body: '', replacement_room: room }],
  ] as const
  for (const [path, content] of refused) {
    expect((await bob.call('PUT', inRoom(room, path), content)).status).toBe(403)
    await bob.say(room, 'after a refusal')
  }
  await alice.setState(room, 'm.room.topic', '', { topic: 'x' })
  const earlier = new Set<string>()
  for (const pdu of await pdusOf(room)) {
    for (const id of [...pdu.prev_events, ...pdu.auth_events]) expect(earlier).toContain(id)
    earlier.add(eventIdOf(pdu, DEFAULT_ROOM_VERSION))
  }
  const state = list((await alice.call('GET', inRoom(room, 'state'))).body)
  expect(state.filter((event) => at(event, 'sender') === bob.userId)).toHaveLength(1)
})

test('event auth: nobody gives power to themselves, or takes it from who has more', async () => {
  const room = await sharedRoom()
  const carol = await server.user('carol')
  await carol.join(room)
  const levels = { users: { [bob.userId]: 50 }, state_default: 50 }
  await alice.setState(room, 'm.room.power_levels', '', levels)
  const put = (content: unknown) =>
    bob.call('PUT', inRoom(room, 'state/m.room.power_levels/'), content)
  for (const change of [
    { ...levels, users: { [bob.userId]: 51 } },
    { ...levels, users: { ...levels.users, [carol.userId]: 51 } },
    { ...levels, ban: 51 },
    { ...levels, events: { 'm.room.name': 51 } },
    // creators of version 12 have no level that could be named
    { ...levels, users: { ...levels.users, [alice.userId]: 0 } },
  ]) {
    expect((await put(change)).status, JSON.stringify(change)).toBeGreaterThanOrEqual(400)
  }
  ok(await put({ ...levels, users: { ...levels.users, [carol.userId]: 50 } }))
  const equal = { ...levels, users: { [bob.userId]: 50, [carol.userId]: 0 } }
  expect((await put(equal)).status).toBe(403)
  for (const action of ['kick', 'ban']) {
    for (const target of [alice, carol]) {
      const body = { user_id: target.userId }
      expect((await bob.call('POST', inRoom(room, action), body)).status).toBe(403)
    }
  }
})

test('unknown type stops room: types that nobody knows leave it as usable as before', async () => {
  const room = await sharedRoom()
  const types = ['org.example.unknown', '__proto__', 'constructor', 'm.room.aliases', 'm', ' ']
  for (const type of types) {
    await alice.setState(room, type, '__proto__', { key: type })
    const path = inRoom(room, `send/${encodeURIComponent(type)}/${encodeURIComponent(type)}`)
    ok(await alice.call('PUT', path, {}))
  }
  const event = await bob.say(room, 'still here')
  const ids = (await timeline(room, 'client')).map((found) => found['event_id'])
  expect(ids.at(-1)).toBe(event)
  const state = list((await bob.call('GET', inRoom(room, 'state'))).body)
  const found = state.filter((one) => at(one, 'state_key') === '__proto__')
  expect(new Set(found.map((one) => at(one, 'content', 'key')))).toEqual(new Set(types))
})

test('invite breaks sync: whatever the state of the room, who is invited goes on', async () => {
  const dave = await server.user('dave')
  const own = await dave.createRoom()
  const room = await alice.createRoom()
  for (const [type, content] of [
    ['m.room.name', { name: 7 }],
    ['m.room.avatar', { url: ['x'], info: 'x' }],
    ['m.room.topic', { topic: 'x'.repeat(60_000) }],
    ['m.room.join_rules', { join_rule: 'invite', allow: 'x' }],
    ['m.room.encryption', { algorithm: {} }],
  ] as const) {
    await alice.setState(room, type, '', content)
  }
  const since = text(await dave.sync(), 'next_batch')
  await alice.invite(room, dave.userId)
  const event = await dave.say(own, 'still here')
  for (const answer of [await dave.sync({ since }), await dave.sync()]) {
    const stripped = list(answer, 'rooms', 'invite', room, 'invite_state', 'events')
    expect(stripped.map((one) => at(one, 'type'))).toContain('m.room.member')
    for (const one of stripped) expect(Object.keys(Object(one))).not.toContain('auth_events')
    const events = list(answer, 'rooms', 'join', own, 'timeline', 'events')
    expect(at(events.at(-1), 'event_id')).toBe(event)
  }
  await dave.join(room)
})

test('oldest state: state is the latest, for who has left that of the leave', async () => {
  const room = await sharedRoom()
  const name = async (user: TestUser) =>
    at((await user.call('GET', inRoom(room, 'state/m.room.name/'))).body, 'name')
  for (const value of ['first', 'second', 'third']) {
    await alice.setState(room, 'm.room.name', '', { name: value })
  }
  expect([await name(alice), await name(bob)]).toEqual(['third', 'third'])
  await bob.leave(room)
  await alice.setState(room, 'm.room.name', '', { name: 'fourth' })
  expect([await name(alice), await name(bob)]).toEqual(['fourth', 'third'])
})
