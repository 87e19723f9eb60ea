import { afterAll, beforeAll, expect, test } from 'vitest'
import { listAt, stringAt } from '../../target/json.ts'
import { inRoom, outcome, Session, V3 } from '../../target/session.ts'
import { expectOk, type User } from '../../target/user.ts'

let session: Session
let alice: User
let bob: User

beforeAll(async () => {
  session = await Session.start()
  alice = await session.user('alice')
  bob = await session.user('bob')
})

afterAll(async () => {
  await session?.[Symbol.asyncDispose]()
})

const joinedRooms = async (user: User) =>
  listAt(expectOk(await user.call('GET', `${V3}/joined_rooms`)), 'joined_rooms')

test('who creates a room is in it; an unknown version is refused', async () => {
  const body = { room_version: '11', preset: 'private_chat' }
  const room = stringAt(expectOk(await alice.call('POST', `${V3}/createRoom`, body)), 'room_id')
  expect(await joinedRooms(alice)).toContain(room)
  expect(await joinedRooms(bob)).not.toContain(room)
  const unknown = await alice.call('POST', `${V3}/createRoom`, { room_version: 'none' })
  expect(outcome(unknown)).toBe('400 M_UNSUPPORTED_ROOM_VERSION')
})

test('a list of rooms needs a token', async () => {
  const stranger = await session.http.request('GET', `${V3}/joined_rooms`, { token: 'nobody' })
  expect(outcome(stranger)).toBe('401 M_UNKNOWN_TOKEN')
})

test('an invitation opens a private room, and only members may invite', async () => {
  const room = await alice.createRoom({ preset: 'private_chat' })
  const join = inRoom(room, 'join')
  expect(outcome(await bob.call('POST', join, {}))).toBe('403 M_FORBIDDEN')
  const invite = (by: User, to: string) => by.call('POST', inRoom(room, 'invite'), { user_id: to })
  expect(outcome(await invite(bob, bob.userId))).toBe('403 M_FORBIDDEN')
  expect(expectOk(await invite(alice, bob.userId))).toEqual({})
  expect(stringAt(expectOk(await bob.call('POST', join, {})), 'room_id')).toBe(room)
  expect(await joinedRooms(bob)).toContain(room)
})

test('a public room can be joined by its id, one that nobody has made cannot', async () => {
  const room = await alice.createRoom({ preset: 'public_chat' })
  const join = (id: string) => bob.call('POST', `${V3}/join/${encodeURIComponent(id)}`, {})
  expect(stringAt(expectOk(await join(room)), 'room_id')).toBe(room)
  const secret = await alice.createRoom({ preset: 'private_chat' })
  expect(outcome(await join(secret))).toBe('403 M_FORBIDDEN')
})

test('who leaves is out; who was never in a room cannot leave it', async () => {
  const room = await alice.createRoom({ preset: 'public_chat' })
  const leave = inRoom(room, 'leave')
  expect(outcome(await bob.call('POST', leave, {}))).toBe('403 M_FORBIDDEN')
  await bob.join(room)
  expect(expectOk(await bob.call('POST', leave, {}))).toEqual({})
  expect(await joinedRooms(bob)).not.toContain(room)
})
