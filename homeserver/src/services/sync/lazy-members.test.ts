import { expect, test } from 'vitest'
import { asDeviceKey, asRoomKey } from '#log/keys.ts'
import { parseUserId } from '#matrix/ids.ts'
import { LazyMembers } from './lazy-members.ts'

const DEVICE = asDeviceKey(1)
const ROOM = asRoomKey(1)
const ALICE = parseUserId('@alice:test')
const BOB = parseUserId('@bob:test')

/** An answer to `since` that sends a member. */
function answer(members: LazyMembers, since: string | undefined, next: string, ...users: string[]) {
  const session = members.begin(DEVICE, since)
  for (const user of users) session.add(ROOM, parseUserId(user))
  members.commit(DEVICE, since, session, next)
}

test('a member that was sent is known once the device comes back with the token', () => {
  const members = new LazyMembers()
  answer(members, undefined, 's1', ALICE)
  expect(members.begin(DEVICE, 's1').knows(ROOM, ALICE)).toBe(true)
  expect(members.begin(DEVICE, 's1').knows(ROOM, BOB)).toBe(false)
})

test('an answer that got lost does not count', () => {
  const members = new LazyMembers()
  answer(members, undefined, 's1', ALICE)
  answer(members, 's1', 's2', BOB)
  const repeated = members.begin(DEVICE, 's1')
  expect(repeated.knows(ROOM, ALICE)).toBe(true)
  expect(repeated.knows(ROOM, BOB)).toBe(false)
})

test('knowledge lasts over answers that send nobody', () => {
  const members = new LazyMembers()
  answer(members, undefined, 's1', ALICE)
  answer(members, 's1', 's2')
  answer(members, 's2', 's2')
  answer(members, 's2', 's3')
  expect(members.begin(DEVICE, 's3').knows(ROOM, ALICE)).toBe(true)
})

test('a device with a token from elsewhere is sent everything again', () => {
  const members = new LazyMembers()
  answer(members, undefined, 's1', ALICE)
  expect(members.begin(DEVICE, 's0').knows(ROOM, ALICE)).toBe(false)
  expect(members.begin(asDeviceKey(2), 's1').knows(ROOM, ALICE)).toBe(false)
})

test('a first sync starts anew, and the old token no longer counts', () => {
  const members = new LazyMembers()
  answer(members, undefined, 's1', ALICE)
  answer(members, 's1', 's2', BOB)
  answer(members, undefined, 's3', BOB)
  expect(members.begin(DEVICE, 's3').knows(ROOM, ALICE)).toBe(false)
  expect(members.begin(DEVICE, 's3').knows(ROOM, BOB)).toBe(true)
  expect(members.begin(DEVICE, 's2').knows(ROOM, BOB)).toBe(false)
})

test('a room whose full state is sent again starts anew', () => {
  const members = new LazyMembers()
  answer(members, undefined, 's1', ALICE)
  const session = members.begin(DEVICE, 's1')
  session.restart(ROOM)
  expect(session.knows(ROOM, ALICE)).toBe(false)
  session.add(ROOM, BOB)
  members.commit(DEVICE, 's1', session, 's2')
  const next = members.begin(DEVICE, 's2')
  expect([ALICE, BOB].map((user) => next.knows(ROOM, user))).toEqual([false, true])
})
