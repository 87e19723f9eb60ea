import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { RateLimiter } from '#policies/rate-limiter.ts'
import { startTestServer, type TestAnswer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { expectError, inRoom, stateOf } from './room-paths.ts'

let one: TestServer
let two: TestServer
let alice: TestUser
let bob: TestUser
let oldId: string

/** Holds upgrades right before they begin, so that they really are at once. */
let gate = Promise.resolve()
let waiting = 0
const limiter: RateLimiter = {
  async consume(bucket) {
    if (bucket !== 'room-creation') return
    waiting += 1
    await gate
  },
  check: () => Promise.resolve(),
}

beforeAll(async () => {
  one = await startTestServer({ policies: { limiter } })
  two = await startTestServer({ policies: { limiter }, databaseUrl: one.databaseUrl })
  alice = await one.user('alice')
  bob = await one.user('bob')
})
afterAll(async () => {
  await two[Symbol.asyncDispose]()
  await one[Symbol.asyncDispose]()
})

let rooms = 0

async function makeRoom(): Promise<void> {
  rooms += 1
  oldId = await alice.createRoom({
    room_version: '10',
    preset: 'public_chat',
    room_alias_name: `room${rooms}`,
    power_level_content_override: { users: { [alice.userId]: 100, [bob.userId]: 100 } },
  })
  await bob.join(oldId)
}

const upgrade = (user: TestUser, version: string, server = one) =>
  server.request('POST', `/_matrix/client/v3${inRoom(oldId, 'upgrade')}`, {
    token: user.token,
    body: { new_version: version },
  })

/** Answers to requests that are all there before the first of them has its way. */
async function together(
  requests: readonly (() => Promise<TestAnswer>)[],
  areThere: () => boolean,
): Promise<TestAnswer[]> {
  const { promise, resolve } = Promise.withResolvers<void>()
  gate = promise
  waiting = 0
  const answers = Promise.all(requests.map((request) => request()))
  await expect.poll(areThere, { timeout: 20_000 }).toBe(true)
  resolve()
  return await answers
}

/** Through one worker: the first waits at the gate, and has read the room twice by then. */
async function inTurn(...requests: readonly (() => Promise<TestAnswer>)[]) {
  const reading = vi.spyOn(one.ctx.roomStates, 'context')
  try {
    return await together(requests, () => reading.mock.calls.length > requests.length)
  } finally {
    reading.mockRestore()
  }
}

const joined = async (user: TestUser) =>
  list(ok(await user.call('GET', '/joined_rooms')), 'joined_rooms')
const successor = async () =>
  at(await stateOf(alice, oldId, 'm.room.tombstone'), 'replacement_room')

/** The one answer that is a success, and the others. */
function partition(answers: readonly TestAnswer[]) {
  const [won, ...more] = answers.filter(({ status }) => status === 200)
  if (won === undefined || more.length > 0) throw new Error(`${more.length} more successes`)
  return { won: at(won.body, 'replacement_room'), lost: answers.filter((one) => one !== won) }
}

test('who asks twice at once for the same gets one room', async () => {
  await makeRoom()
  const before = await joined(alice)
  const answers = await inTurn(...[1, 2, 3].map(() => () => upgrade(alice, '11')))
  const replacements = answers.map((answer) => at(ok(answer), 'replacement_room'))
  expect(new Set(replacements)).toEqual(new Set([await successor()]))
  expect(await joined(alice)).toHaveLength(before.length + 1)
})

test('of two users who upgrade a room at once one succeeds', async () => {
  await makeRoom()
  const { won, lost } = partition(
    await inTurn(
      () => upgrade(alice, '11'),
      () => upgrade(bob, '11'),
    ),
  )
  for (const answer of lost) expectError(answer, 400, 'M_BAD_STATE')
  expect(await successor()).toBe(won)
})

test('of two versions asked for at once one is made', async () => {
  await makeRoom()
  const { won, lost } = partition(
    await inTurn(
      () => upgrade(alice, '11'),
      () => upgrade(alice, '12'),
    ),
  )
  for (const answer of lost) expectError(answer, 400, 'M_BAD_STATE')
  expect(await successor()).toBe(won)
})

test('of upgrades by two workers one counts, which has the aliases', async () => {
  await makeRoom()
  const before = { [alice.userId]: await joined(alice), [bob.userId]: await joined(bob) }
  const { won, lost } = partition(
    await together(
      [() => upgrade(alice, '11'), () => upgrade(bob, '11', two)],
      () => waiting === 2,
    ),
  )
  for (const answer of lost) expectError(answer, 400, 'M_BAD_STATE')
  expect(await successor()).toBe(won)
  const alias = encodeURIComponent(`#room${rooms}:test.example`)
  const named = ok(await alice.call('GET', `/directory/room/${alias}`))
  expect(at(named, 'room_id')).toBe(won)
  const after = [...(await joined(alice)), ...(await joined(bob))]
  const known = Object.values(before).flat()
  expect(after.filter((roomId) => !known.includes(roomId))).toEqual([won])
})

test('a room that was upgraded can be upgraded again', async () => {
  await makeRoom()
  const first = at(ok(await upgrade(alice, '11')), 'replacement_room')
  const second = at(ok(await upgrade(alice, '11')), 'replacement_room')
  expect(second).not.toBe(first)
  expect(await successor()).toBe(second)
})
