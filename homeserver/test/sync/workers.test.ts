import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import {
  bodies,
  ephemeral,
  joined,
  keys,
  path,
  read,
  stateOf,
  types,
  typing,
  unread,
} from './reader.ts'

let first: TestServer
let second: TestServer
let alice: TestUser
let bob: TestUser
let room: string

beforeAll(async () => {
  first = await startTestServer()
  second = await startTestServer({ databaseUrl: first.databaseUrl })
  alice = await first.user('alice')
  bob = await first.user('bob')
  room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
})
afterAll(async () => {
  await second[Symbol.asyncDispose]()
  await first[Symbol.asyncDispose]()
})

/** One sync of bob through any worker. */
async function syncOn(server: TestServer, query: Readonly<Record<string, string>>) {
  const search = new URLSearchParams(query).toString()
  const options = { token: bob.token }
  return ok(await server.request('GET', `/_matrix/client/v3/sync?${search}`, options))
}

test('a sync that waits on one worker is woken by a send through another', async () => {
  const since = text(await bob.sync(), 'next_batch')
  const waiting = syncOn(second, { since, timeout: '15000' })
  await alice.say(room, 'through the other')
  expect(bodies(joined(await waiting, room))).toEqual(['through the other'])
})

test('a token of one worker goes on at another, and back', async () => {
  let since = text(await bob.sync(), 'next_batch')
  for (const [index, server] of [second, first, second].entries()) {
    await alice.say(room, `message ${index}`)
    const answer = await syncOn(server, { since, timeout: '10000' })
    expect(bodies(joined(answer, room))).toEqual([`message ${index}`])
    since = text(answer, 'next_batch')
  }
})

test('after a restart an old token gets everything since, from the database', async () => {
  const since = text(await bob.sync(), 'next_batch')
  const event = await alice.say(room, 'one')
  await alice.setState(room, 'm.room.topic', '', { topic: 'new' })
  await alice.say(room, 'two')
  await read(alice, room, event)
  await read(bob, room, event)
  ok(await bob.call('PUT', path('user', bob.userId, 'account_data', 'm.direct'), { a: [] }))
  const quiet = await alice.createRoom({ preset: 'public_chat' })
  const invited = await alice.createRoom({ preset: 'private_chat', invite: [bob.userId] })

  await using restarted = await startTestServer({ databaseUrl: first.databaseUrl })
  const answer = await syncOn(restarted, { since })
  const section = joined(answer, room)
  expect(bodies(section)).toEqual(['one', 'two'])
  expect(stateOf(section)).toEqual([])
  const readers = at(ephemeral(section, 'm.receipt'), event, 'm.read')
  expect(keys(readers).sort()).toEqual([alice.userId, bob.userId].sort())
  expect(unread(section)).toEqual({ notification_count: 1, highlight_count: 0 })
  expect(list(answer, 'account_data', 'events')).toEqual([{ type: 'm.direct', content: { a: [] } }])
  expect(at(answer, 'rooms', 'invite', invited)).toBeDefined()
  expect(joined(answer, quiet)).toBeUndefined()

  const next = text(answer, 'next_batch')
  expect(at(await syncOn(restarted, { since: next }), 'rooms')).toBeUndefined()
})

test('after a restart a gap is limited, with the state changes before the timeline', async () => {
  const since = text(await bob.sync(), 'next_batch')
  await alice.setState(room, 'm.room.topic', '', { topic: 'in the gap' })
  for (const body of ['a', 'b', 'c', 'd']) await alice.say(room, body)
  await using restarted = await startTestServer({ databaseUrl: first.databaseUrl })
  const filter = JSON.stringify({ room: { timeline: { limit: 2 } } })
  const section = joined(await syncOn(restarted, { since, filter }), room)
  expect(bodies(section)).toEqual(['c', 'd'])
  expect(at(section, 'timeline', 'limited')).toBe(true)
  expect(types(stateOf(section))).toEqual(['m.room.topic|'])
})

test('after a restart a leave is told, from the database', async () => {
  const since = text(await bob.sync(), 'next_batch')
  await bob.leave(room)
  await using restarted = await startTestServer({ databaseUrl: first.databaseUrl })
  const answer = await syncOn(restarted, { since })
  expect(at(answer, 'rooms', 'leave', room)).toBeDefined()
  expect(joined(answer, room)).toBeUndefined()
  await bob.join(room)
})

test('typing crosses workers: the start wakes a sync there, and the end is told there too', async () => {
  const since = text(await syncOn(second, {}), 'next_batch')
  const waiting = syncOn(second, { since, timeout: '15000' })
  await typing(alice, room, true)
  const told = await waiting
  expect(at(ephemeral(joined(told, room), 'm.typing'), 'user_ids')).toEqual([alice.userId])
  const ending = syncOn(second, { since: text(told, 'next_batch'), timeout: '15000' })
  await typing(alice, room, false)
  expect(at(ephemeral(joined(await ending, room), 'm.typing'), 'user_ids')).toEqual([])
})

test('a sync that comes to another worker is told of typing once, not at every change of worker', async () => {
  const before = text(await syncOn(second, {}), 'next_batch')
  await typing(alice, room, true)
  let since = text(await syncOn(second, { since: before, timeout: '15000' }), 'next_batch')
  for (const server of [first, second, first]) {
    const answer = await syncOn(server, { since })
    expect(joined(answer, room)).toBeUndefined()
    since = text(answer, 'next_batch')
  }
  await typing(alice, room, false)
  const section = joined(await syncOn(second, { since, timeout: '15000' }), room)
  expect(at(ephemeral(section, 'm.typing'), 'user_ids')).toEqual([])
})

test('a draining server ends waiting syncs with a valid answer', async () => {
  const server = await startTestServer({ databaseUrl: first.databaseUrl })
  const since = text(await syncOn(server, {}), 'next_batch')
  const waiting = syncOn(server, { since, timeout: '60000' })
  const asked = await server.request('GET', '/_matrix/client/versions')
  expect(asked.status).toBe(200)
  await server[Symbol.asyncDispose]()
  expect(text(await waiting, 'next_batch')).toBe(since)
})
