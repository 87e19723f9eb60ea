import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { allPages, finds, ids, roomWith, search } from './searching.ts'

let server: TestServer
let alice: TestUser
let people = 0

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

const person = () => server.user(`person${++people}`)

test('nobody finds what was said in rooms they have not been in', async () => {
  const { room } = await roomWith(alice, 'walrus')
  const stranger = await person()
  expect(await finds(stranger, 'walrus')).toEqual([])
  expect(await finds(stranger, 'walrus', { filter: { rooms: [room] } })).toEqual([])
  await alice.invite(room, stranger.userId)
  expect(await finds(stranger, 'walrus')).toEqual([])
  await stranger.leave(room)
  expect(await finds(stranger, 'walrus')).toEqual([])
})

test('who left finds what there was until then, as it was then', async () => {
  const { room, said } = await roomWith(alice, 'otter one')
  const bob = await person()
  await bob.join(room)
  await alice.setState(room, 'm.room.topic', '', { topic: 'then' })
  const during = await alice.say(room, 'otter two')
  await bob.leave(room)
  await alice.say(room, 'otter three')
  await alice.setState(room, 'm.room.topic', '', { topic: 'now' })
  const expected = [...said, during].sort()
  expect(await finds(bob, 'otter')).toEqual(expected)
  expect(await finds(alice, 'otter')).toHaveLength(3)
  const answer = await search(bob, 'otter two', { include_state: true, event_context: {} })
  const topics = list(answer, 'state', room).filter((event) => at(event, 'type') === 'm.room.topic')
  expect(topics.map((event) => at(event, 'content', 'topic'))).toEqual(['then'])
  const after = list(answer, 'results', 0, 'context', 'events_after')
  expect(after.map((event) => at(event, 'content', 'membership'))).toEqual(['leave'])
  await alice.invite(room, bob.userId)
  expect(await finds(bob, 'otter')).toEqual(expected)
  ok(await bob.call('POST', `/rooms/${room}/leave`, {}))
  ok(await bob.call('POST', `/rooms/${room}/forget`, {}))
  expect(await finds(bob, 'otter')).toEqual([])
})

test('history for members is found by those who were members then', async () => {
  const room = await alice.createRoom({
    preset: 'public_chat',
    initial_state: [
      { type: 'm.room.history_visibility', content: { history_visibility: 'joined' } },
    ],
  })
  const bob = await person()
  await alice.say(room, 'badger one')
  await bob.join(room)
  const two = await alice.say(room, 'badger two')
  await bob.leave(room)
  await alice.say(room, 'badger three')
  await bob.join(room)
  const four = await alice.say(room, 'badger four')
  expect(await finds(bob, 'badger')).toEqual([two, four].sort())
  expect(at(await search(bob, 'badger'), 'count')).toBe(2)
})

test('results that may not be seen do not end the pages', async () => {
  const { room, said } = await roomWith(alice, 'heron seen')
  const bob = await person()
  await bob.join(room)
  await alice.setState(room, 'm.room.history_visibility', '', { history_visibility: 'joined' })
  await bob.leave(room)
  for (let n = 0; n < 6; n++) await alice.say(room, `heron ${n}`)
  await bob.join(room)
  const pages = await allPages(bob, 'heron', { order_by: 'recent', filter: { limit: 1 } })
  expect(pages.flat()).toEqual(said)
})

test('rooms that are encrypted are not searched', async () => {
  const { room, said } = await roomWith(alice, 'lynx')
  expect(await finds(alice, 'lynx')).toEqual(said)
  await alice.setState(room, 'm.room.encryption', '', { algorithm: 'm.megolm.v1.aes-sha2' })
  expect(await finds(alice, 'lynx')).toEqual([])
})

test("a page token gives nobody what is somebody else's", async () => {
  const { room } = await roomWith(alice, 'stoat 1', 'stoat 2', 'stoat 3')
  const criteria = {
    order_by: 'recent',
    filter: { limit: 1 },
    groupings: { group_by: [{ key: 'room_id' }] },
  }
  const first = await search(alice, 'stoat', criteria)
  const stranger = await person()
  for (const token of [
    at(first, 'next_batch'),
    at(first, 'groups', 'room_id', room, 'next_batch'),
  ]) {
    expect(ids(await search(stranger, 'stoat', criteria, String(token)))).toEqual([])
    expect(ids(await search(alice, 'stoat', criteria, String(token)))).toHaveLength(1)
  }
})
