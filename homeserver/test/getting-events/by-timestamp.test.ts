import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { v1 } from '../event-relationships/relate.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { ok, type TestUser } from '../harness/user.ts'
import { expectError, inRoom } from '../rooms/room-paths.ts'

let server: TestServer
let alice: TestUser
let roomId: string
let said: string[]

/** Long before the events of a room's creation. */
const DAY = 86_400_000

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
beforeEach(async () => {
  roomId = await alice.createRoom({ preset: 'public_chat' })
  said = []
  for (let n = 0; n < 4; n++) said.push(await alice.say(roomId, `message ${n}`))
  // out of order, as events of bridges and other servers are
  for (const [index, day] of [10, 30, 20, 20].entries()) await setTime(said[index], day * DAY)
})
afterAll(() => server[Symbol.asyncDispose]())

async function setTime(eventId: string | undefined, ts: number): Promise<void> {
  const { db } = server.ctx
  await sql`UPDATE events SET ts = ${ts} WHERE event_id = ${eventId ?? ''}`.execute(db)
}

const jump = (user: TestUser, query: string, room = roomId) =>
  v1(user, `${inRoom(room, 'timestamp_to_event')}?${query}`)

it.each([
  ['f', 5, 0, 10],
  ['f', 10, 0, 10],
  ['f', 11, 2, 20],
  ['f', 20.5, 1, 30],
  ['b', 10, 0, 10],
  ['b', 19, 0, 10],
  ['b', 20, 3, 20],
  ['b', 31, 1, 30],
])('direction %s from day %d leads to message %d of day %d', async (dir, day, index, found) => {
  const answer = ok(await jump(alice, `dir=${dir}&ts=${day * DAY}`))
  expect(answer).toEqual({ event_id: said[index], origin_server_ts: found * DAY })
})

it('where there is nothing, nothing is found', async () => {
  expectError(await jump(alice, `dir=b&ts=${9 * DAY}`), 404, 'M_NOT_FOUND')
  expectError(await jump(alice, `dir=f&ts=${Date.now() + DAY}`), 404, 'M_NOT_FOUND')
  expectError(await jump(alice, 'dir=b&ts=-999999999999999'), 404, 'M_NOT_FOUND')
  expectError(await jump(alice, 'dir=f&ts=999999999999999'), 404, 'M_NOT_FOUND')
})

it('an event that the user may not see is passed over', async () => {
  const bob = await server.user('bob')
  const room = await alice.createRoom({
    preset: 'public_chat',
    initial_state: [
      {
        type: 'm.room.history_visibility',
        state_key: '',
        content: { history_visibility: 'joined' },
      },
    ],
  })
  for (let n = 0; n < 25; n++) await setTime(await alice.say(room, 'unseen'), 40 * DAY + n)
  await bob.join(room)
  const seen = await alice.say(room, 'seen')
  await setTime(seen, 50 * DAY)
  expect(ok(await jump(bob, `dir=f&ts=${DAY}`, room))).toMatchObject({ event_id: seen })
})

it('a room that one may not read is closed', async () => {
  const outside = await server.user('mallory')
  expectError(await jump(outside, 'dir=f&ts=0'), 403, 'M_FORBIDDEN')
  expectError(await jump(alice, 'dir=f&ts=0', '!none:example.org'), 403, 'M_FORBIDDEN')
})

it.each([
  ['dir=f', 'M_MISSING_PARAM'],
  ['ts=1', 'M_MISSING_PARAM'],
  ['dir=x&ts=1', 'M_INVALID_PARAM'],
  ['dir=f&ts=yesterday', 'M_INVALID_PARAM'],
  ['dir=f&ts=1e3', 'M_INVALID_PARAM'],
  ['dir=f&ts=99999999999999999999', 'M_INVALID_PARAM'],
])('the query %s is refused', async (query, errcode) => {
  expectError(await jump(alice, query), 400, errcode)
})
