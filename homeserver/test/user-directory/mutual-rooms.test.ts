import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'
import { expectError } from '../rooms/room-paths.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
afterAll(() => server[Symbol.asyncDispose]())

const STABLE = '/_matrix/client/v1/mutual_rooms'
const UNSTABLE = '/_matrix/client/unstable/uk.half-shot.msc2666/user/mutual_rooms'

const ask = (user: TestUser, query: Readonly<Record<string, string>>, path = STABLE) =>
  server.request('GET', `${path}?${new URLSearchParams(query).toString()}`, { token: user.token })

test('rooms that both have joined are told, and no others', async () => {
  const carol = await server.user('carol')
  await alice.createRoom({ preset: 'public_chat' })
  const shared = await alice.createRoom({ preset: 'public_chat' })
  const left = await alice.createRoom({ preset: 'public_chat' })
  for (const roomId of [shared, left]) await carol.join(roomId)
  await carol.leave(left)
  await alice.createRoom({ invite: [carol.userId] })
  const expected = { joined: [shared], count: 1 }
  expect(ok(await ask(alice, { user_id: carol.userId }))).toEqual(expected)
  expect(ok(await ask(carol, { user_id: alice.userId }))).toEqual(expected)
  expect(ok(await ask(alice, { user_id: carol.userId }, UNSTABLE))).toEqual(expected)
  // private room metadata: what two others share is theirs
  expect(ok(await ask(bob, { user_id: carol.userId }))).toEqual({ joined: [], count: 0 })
})

test('users who do not exist share no room', async () => {
  for (const user_id of ['@nobody:test.example', '@nobody:other.example']) {
    expect(ok(await ask(alice, { user_id }))).toEqual({ joined: [], count: 0 })
  }
})

test('many rooms come in pages, each room once', { timeout: 180_000 }, async () => {
  const dan = await server.user('dan')
  const rooms = new Set<unknown>()
  for (let n = 0; n < 101; n++) {
    const roomId = await bob.createRoom({ preset: 'public_chat' })
    await dan.join(roomId)
    rooms.add(roomId)
  }
  const first = ok(await ask(dan, { user_id: bob.userId }))
  expect(list(first, 'joined')).toHaveLength(100)
  expect(at(first, 'count')).toBe(101)
  const from = text(first, 'next_batch')
  const second = ok(await ask(dan, { user_id: bob.userId, from }))
  expect(at(second, 'next_batch')).toBeUndefined()
  expect(new Set([...list(first, 'joined'), ...list(second, 'joined')])).toEqual(rooms)
  const unstable = ok(await ask(dan, { user_id: bob.userId, batch_token: from }, UNSTABLE))
  expect(list(unstable, 'joined')).toEqual(list(second, 'joined'))
})

test.each([
  [{}, 'M_MISSING_PARAM'],
  [{ user_id: 'alice' }, 'M_INVALID_PARAM'],
  [{ user_id: '@alice:test.example' }, 'M_INVALID_PARAM'],
  [{ user_id: '@bob:test.example', from: 'x' }, 'M_INVALID_PARAM'],
  [{ user_id: '@bob:test.example', from: 'm-1' }, 'M_INVALID_PARAM'],
])('mutual rooms cannot be asked for with %j', async (query, errcode) => {
  expectError(await ask(alice, query), 400, errcode)
})

test('mutual rooms need a token', async () => {
  const path = `${STABLE}?user_id=${encodeURIComponent(bob.userId)}`
  expectError(await server.request('GET', path), 401, 'M_MISSING_TOKEN')
})
