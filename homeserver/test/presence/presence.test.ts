import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createRateLimiter } from '#policies/rate-limiter.ts'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, type TestUser } from '../harness/user.ts'
import { expectError } from '../rooms/room-paths.ts'
import { Reader } from '../sync/reader.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser
let carol: TestUser

const PRESENCE = { config: 'presence: { enabled: true }' }
const HIDDEN = { set_presence: 'offline' }

beforeAll(async () => {
  server = await startTestServer(PRESENCE)
  alice = await server.user('alice')
  bob = await server.user('bob')
  carol = await server.user('carol')
  const room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
})
afterAll(() => server[Symbol.asyncDispose]())

const status = (userId: string) => `/presence/${encodeURIComponent(userId)}/status`
const set = async (user: TestUser, body: unknown) =>
  ok(await user.call('PUT', status(user.userId), body))

/** Contents of the presence events of a sender in a sync answer. */
const presenceIn = (answer: unknown, user: TestUser) =>
  list(answer, 'presence', 'events')
    .filter((event) => at(event, 'sender') === user.userId)
    .map((event) => at(event, 'content'))

/** Syncs on until a sender's presence is told. */
async function told(reader: Reader, user: TestUser, presence: string): Promise<unknown> {
  const answer = await reader.until((part) =>
    presenceIn(part, user).some((content) => at(content, 'presence') === presence),
  )
  return presenceIn(answer, user).at(-1)
}

describe('the status', () => {
  test('of who never said anything is offline', async () => {
    const user = await server.user('silent')
    expect(ok(await user.call('GET', status(user.userId)))).toEqual({ presence: 'offline' })
  })

  test('is as it was set, for oneself and those in the same room', async () => {
    await set(alice, { presence: 'online', status_msg: 'I am here.' })
    for (const reader of [alice, bob]) {
      const body = ok(await reader.call('GET', status(alice.userId)))
      expect(body).toEqual({
        presence: 'online',
        status_msg: 'I am here.',
        currently_active: true,
        last_active_ago: expect.any(Number),
      })
    }
    await set(alice, { presence: 'unavailable' })
    expect(ok(await bob.call('GET', status(alice.userId)))).toEqual({
      presence: 'unavailable',
      last_active_ago: expect.any(Number),
    })
  })

  test('is not for those who share no room, whether the user exists or not', async () => {
    for (const userId of [alice.userId, '@nobody:test.example', '@alice:other.example']) {
      expectError(await carol.call('GET', status(userId)), 403, 'M_FORBIDDEN')
    }
  })

  test('is not for those who have left', async () => {
    const dan = await server.user('dan')
    const room = await alice.createRoom({ preset: 'public_chat' })
    await dan.join(room)
    ok(await dan.call('GET', status(alice.userId)))
    await dan.leave(room)
    expectError(await dan.call('GET', status(alice.userId)), 403, 'M_FORBIDDEN')
  })

  test('is set by its owner only', async () => {
    const body = { presence: 'online' }
    expectError(await carol.call('PUT', status(alice.userId), body), 403, 'M_FORBIDDEN')
    const path = `/_matrix/client/v3${status(alice.userId)}`
    expectError(await server.request('PUT', path, { body }), 401, 'M_MISSING_TOKEN')
    expectError(await server.request('GET', path), 401, 'M_MISSING_TOKEN')
  })

  test.each([
    [{}, 'M_MISSING_PARAM'],
    [{ presence: 1 }, 'M_BAD_JSON'],
    [{ presence: 'away' }, 'M_INVALID_PARAM'],
    [{ presence: 'online', status_msg: 1 }, 'M_BAD_JSON'],
    [{ presence: 'online', status_msg: 'a\0b' }, 'M_INVALID_PARAM'],
    [{ presence: 'online', status_msg: 'x'.repeat(801) }, 'M_INVALID_PARAM'],
  ])('%.40j is refused', async (body, errcode) => {
    expectError(await alice.call('PUT', status(alice.userId), body), 400, errcode)
  })

  test('of a bad user ID is refused', async () => {
    expectError(await alice.call('GET', status('alice')), 400, 'M_INVALID_PARAM')
  })
})

describe('sync', () => {
  test('tells changes to those in the same room and to oneself, and to nobody else', async () => {
    const readers = [new Reader(bob, { query: HIDDEN }), new Reader(carol, { query: HIDDEN })]
    for (const reader of readers) await reader.next()
    await set(alice, { presence: 'offline' })
    await set(alice, { presence: 'online', status_msg: 'back' })
    const [atBob, atCarol] = readers
    expect(await told(atBob ?? new Reader(bob), alice, 'online')).toMatchObject({
      status_msg: 'back',
      currently_active: true,
    })
    expect(presenceIn(await atCarol?.next(), alice)).toEqual([])
    await set(alice, { presence: 'unavailable' })
    await told(atBob ?? new Reader(bob), alice, 'unavailable')
  })

  test('wakes a waiting reader', async () => {
    const reader = new Reader(bob, { query: HIDDEN })
    await set(alice, { presence: 'unavailable' })
    await reader.next()
    const answer = reader.next(30_000)
    await set(alice, { presence: 'online' })
    expect(presenceIn(await answer, alice)).toMatchObject([{ presence: 'online' }])
    expect(presenceIn(await reader.next(), alice)).toEqual([])
  })

  test('makes its own user online, unless told otherwise', async () => {
    const eve = await server.user('eve')
    const room = await alice.createRoom({ preset: 'public_chat' })
    await eve.join(room)
    const of = async () => at(ok(await alice.call('GET', status(eve.userId))), 'presence')
    await eve.sync({ set_presence: 'offline' })
    expect(await of()).toBe('offline')
    await eve.sync({ set_presence: 'unavailable' })
    expect(await of()).toBe('unavailable')
    await eve.sync()
    expect(await of()).toBe('online')
    await eve.sync({ set_presence: 'offline' })
    expect(await of()).toBe('offline')
    const bad = await eve.call('GET', '/sync?set_presence=away')
    expectError(bad, 400, 'M_INVALID_PARAM')
  })

  test('a message makes its idle sender active', async () => {
    const frank = await server.user('frank')
    const room = await frank.createRoom({ preset: 'public_chat' })
    await bob.join(room)
    await set(frank, { presence: 'unavailable' })
    const reader = new Reader(bob, { query: HIDDEN })
    await reader.next()
    await frank.say(room, 'back')
    await told(reader, frank, 'online')
  })

  test('of several devices the most present counts, and one that signs out no more', async () => {
    const grace = await server.user('grace')
    const phone = await grace.otherDevice()
    const room = await grace.createRoom({ preset: 'public_chat' })
    await bob.join(room)
    const of = async () => at(ok(await bob.call('GET', status(grace.userId))), 'presence')
    await grace.sync({ set_presence: 'unavailable' })
    await phone.sync()
    expect(await of()).toBe('online')
    ok(await phone.call('POST', '/logout', {}))
    await expect.poll(of).toBe('unavailable')
  })

  test('first tells who is there, and whoever joins later', async () => {
    const heidi = await server.user('heidi')
    const ivan = await server.user('ivan')
    await set(heidi, { presence: 'online', status_msg: 'first' })
    const room = await heidi.createRoom({ preset: 'public_chat' })
    const atIvan = new Reader(ivan)
    await atIvan.next()
    const atHeidi = new Reader(heidi)
    await atHeidi.next()
    await ivan.join(room)
    // who joins learns of those inside, and they of who joins
    expect(await told(atIvan, heidi, 'online')).toMatchObject({ status_msg: 'first' })
    await told(atHeidi, ivan, 'online')
    expect(presenceIn(await new Reader(ivan).next(), heidi)).toMatchObject([{ presence: 'online' }])
  })

  test('obeys its filter', async () => {
    await set(alice, { presence: 'online', status_msg: 'filtered' })
    const first = async (presence: unknown) =>
      presenceIn(await new Reader(bob, { filter: { presence }, query: HIDDEN }).next(), alice)
    expect(await first({})).toHaveLength(1)
    expect(await first({ types: ['m.presence'] })).toHaveLength(1)
    for (const filter of [
      { types: [] },
      { not_types: ['m.*'] },
      { not_senders: [alice.userId] },
      { senders: [bob.userId] },
    ]) {
      expect(await first(filter)).toEqual([])
    }
  })
})

test('who is set offline is shown as offline, with the message', async () => {
  const judy = await server.user('judy')
  await set(judy, { presence: 'offline', status_msg: 'on leave' })
  expect(ok(await judy.call('GET', status(judy.userId)))).toMatchObject({
    presence: 'offline',
    status_msg: 'on leave',
  })
})

test('without presence both operations are refused, and sync tells nothing', async () => {
  await using off = await startTestServer()
  const user = await off.user('alice')
  const path = status(user.userId)
  expectError(await user.call('PUT', path, { presence: 'online' }), 403, 'M_FORBIDDEN')
  expectError(await user.call('GET', path), 403, 'M_FORBIDDEN')
  const answer = await user.sync({ set_presence: 'online' })
  expect(at(answer, 'presence')).toBeUndefined()
  expect(at(answer, 'next_batch')).not.toContain('_p')
})

test('setting presence is limited', async () => {
  const limiter = createRateLimiter({ default: { per_second: 0.001, burst_count: 1 } })
  await using limited = await startTestServer({ ...PRESENCE, policies: { limiter } })
  const user = await limited.user('alice')
  ok(await user.call('PUT', status(user.userId), { presence: 'online' }))
  const again = await user.call('PUT', status(user.userId), { presence: 'online' })
  expectError(again, 429, 'M_LIMIT_EXCEEDED')
})
