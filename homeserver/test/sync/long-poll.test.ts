import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, text, type TestUser } from '../harness/user.ts'
import { bodies, joined, Reader, typing } from './reader.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let room: string

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
  bob = await server.user('bob')
  room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
})
afterAll(() => server[Symbol.asyncDispose]())

test('with a timeout of 0 an answer comes at once, empty but complete', async () => {
  const reader = new Reader(bob)
  await reader.next()
  const answer = await reader.next()
  expect(answer).toEqual({
    next_batch: reader.since,
    device_one_time_keys_count: {},
    device_unused_fallback_key_types: [],
  })
})

test('a waiting sync is woken by a message', async () => {
  const reader = new Reader(bob)
  await reader.next()
  const answer = reader.next(15_000)
  await alice.say(room, 'wake up')
  expect(bodies(joined(await answer, room))).toEqual(['wake up'])
})

test('/sync never waits: it does, for its timeout, when there is nothing for it', async () => {
  const reader = new Reader(bob)
  await reader.next()
  const started = performance.now()
  const answer = await reader.next(300)
  expect(performance.now() - started).toBeGreaterThan(280)
  expect(at(answer, 'rooms')).toBeUndefined()
})

test('a waiting sync sleeps on when the news is not for its filter', async () => {
  const reader = new Reader(bob, {
    filter: { room: { timeline: { types: ['org.example.rare'] } } },
  })
  await reader.next()
  const answer = reader.next(15_000)
  await alice.say(room, 'not this')
  await alice.say(room, 'nor this')
  const body = { rare: true }
  await alice.call('PUT', `/rooms/${encodeURIComponent(room)}/send/org.example.rare/1`, body)
  const section = joined(await answer, room)
  expect(at(section, 'timeline', 'events', 0, 'content')).toEqual(body)
})

test('an invitation wakes the invited user', async () => {
  const reader = new Reader(bob)
  await reader.next()
  const answer = reader.next(15_000)
  const secret = await alice.createRoom({ preset: 'private_chat', invite: [bob.userId] })
  expect(at(await answer, 'rooms', 'invite', secret)).toBeDefined()
})

test('lost events: nothing is lost or repeated while messages pour in', async () => {
  const reader = new Reader(bob, { filter: { room: { timeline: { limit: 50 } } } })
  await reader.next()
  const wanted = Array.from({ length: 60 }, (_, index) => `flood ${index}`)
  const sending = (async () => {
    for (const body of wanted) await alice.say(room, body)
  })()
  const received: unknown[] = []
  while (received.length < wanted.length) {
    const answer = await reader.next(10_000)
    expect(at(joined(answer, room), 'timeline', 'limited')).not.toBe(true)
    received.push(...bodies(joined(answer, room)))
  }
  await sending
  expect(received).toEqual(wanted)
})

test('every token ever given delivers each later event exactly once', async () => {
  const reader = new Reader(bob)
  await reader.next()
  const tokens: string[] = []
  const sent: string[] = []
  for (let index = 0; index < 8; index++) {
    tokens.push(reader.since ?? '')
    sent.push(`later ${index}`)
    await alice.say(room, `later ${index}`)
    await typing(alice, room, index % 2 === 0)
    await reader.next()
  }
  for (const [index, since] of tokens.entries()) {
    const answer = await bob.sync({ since })
    expect(bodies(joined(answer, room))).toEqual(sent.slice(index))
  }
})

test('a transaction ID is shown to the sending device only', async () => {
  const phone = new Reader(alice)
  const laptop = new Reader(await alice.otherDevice())
  await Promise.all([phone.next(), laptop.next()])
  await alice.say(room, 'mine')
  const unsigned = (answer: unknown) =>
    at(joined(answer, room), 'timeline', 'events', 0, 'unsigned')
  expect(text(unsigned(await phone.next()), 'transaction_id')).toMatch(/^say/)
  expect(at(unsigned(await laptop.next()), 'transaction_id')).toBeUndefined()
})

test('a waiting sync of a device that signs out ends with 401, and tells nothing more', async () => {
  const carol = await server.user('carol-out')
  await carol.join(room)
  const reader = new Reader(carol)
  await reader.next()
  const query = new URLSearchParams({ since: reader.since ?? '', timeout: '30000' })
  const started = performance.now()
  const waiting = carol.call('GET', `/sync?${query}`)
  // the answer to another request of the device shows that the first one has arrived
  await carol.call('GET', '/account/whoami')
  await carol.call('POST', '/logout', {})
  await alice.say(room, 'not for those who left')
  const answer = await waiting
  expect(answer.status).toBe(401)
  expect(at(answer.body, 'errcode')).toBe('M_UNKNOWN_TOKEN')
  expect(performance.now() - started).toBeLessThan(15_000)
})
