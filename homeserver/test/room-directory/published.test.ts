import { afterAll, beforeAll, expect, test } from 'vitest'
import { parseRoomId } from '#matrix/ids.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { ok, type TestUser } from '../harness/user.ts'
import { expectError } from '../rooms/room-paths.ts'
import { listed } from './public-rooms.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
})
afterAll(() => server[Symbol.asyncDispose]())

const pathOf = (roomId: string) => `/directory/list/room/${encodeURIComponent(roomId)}`
const visibility = (roomId: string) => server.request('GET', `/_matrix/client/v3${pathOf(roomId)}`)
const publish = (user: TestUser, roomId: string, body: unknown = { visibility: 'public' }) =>
  user.call('PUT', pathOf(roomId), body)

test('a room is listed and taken off by whoever may name it', async () => {
  const roomId = await alice.createRoom({ preset: 'public_chat' })
  expect(ok(await visibility(roomId))).toEqual({ visibility: 'private' })
  expect(await listed(server)).not.toContain(roomId)
  expect(ok(await publish(alice, roomId))).toEqual({})
  expect(ok(await visibility(roomId))).toEqual({ visibility: 'public' })
  expect(await listed(server)).toContain(roomId)
  ok(await publish(alice, roomId, { visibility: 'private' }))
  expect(ok(await visibility(roomId))).toEqual({ visibility: 'private' })
  expect(await listed(server)).not.toContain(roomId)
  // public unless said otherwise, and again is fine
  ok(await publish(alice, roomId, {}))
  ok(await publish(alice, roomId, {}))
  expect(await listed(server)).toContain(roomId)
})

test('a room is not listed by others', async () => {
  const roomId = await alice.createRoom({ preset: 'public_chat' })
  expectError(await publish(bob, roomId), 403, 'M_FORBIDDEN')
  await bob.join(roomId)
  expectError(await publish(bob, roomId), 403, 'M_FORBIDDEN')
  expect(await listed(server)).not.toContain(roomId)
  await alice.setState(roomId, 'm.room.power_levels', '', {
    users: { [bob.userId]: 50 },
    events: { 'm.room.canonical_alias': 50 },
  })
  ok(await publish(bob, roomId))
  expect(await listed(server)).toContain(roomId)
})

test('a room that is not known has no place in the directory', async () => {
  const roomId = '!nowhere:test.example'
  expectError(await visibility(roomId), 404, 'M_NOT_FOUND')
  expectError(await publish(alice, roomId), 404, 'M_NOT_FOUND')
})

test.each([
  [{ visibility: 'secret' }, 'M_INVALID_PARAM'],
  [{ visibility: 1 }, 'M_BAD_JSON'],
  [[], 'M_BAD_JSON'],
])('a visibility cannot be %j', async (body, errcode) => {
  const roomId = await alice.createRoom()
  expectError(await publish(alice, roomId, body), 400, errcode)
  expectError(await alice.call('PUT', pathOf('no-room'), {}), 400, 'M_INVALID_PARAM')
  expectError(await visibility('no-room'), 400, 'M_INVALID_PARAM')
})

test('a successor takes over aliases and the place in the directory', async () => {
  const old = await alice.createRoom({ visibility: 'public', room_alias_name: 'moving' })
  const next = await alice.createRoom({ preset: 'public_chat' })
  const moved = await server.ctx.directory.handOver(parseRoomId(old), parseRoomId(next))
  expect(moved).toEqual(['#moving:test.example'])
  expect(await listed(server)).toContain(next)
  expect(await listed(server)).not.toContain(old)
})
