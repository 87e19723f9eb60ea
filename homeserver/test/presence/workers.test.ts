import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, list, ok, text, type TestUser } from '../harness/user.ts'

const CONFIG = 'presence: { enabled: true }'
let one: TestServer
let two: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  one = await startTestServer({ config: CONFIG })
  two = await startTestServer({ config: CONFIG, databaseUrl: one.databaseUrl })
  alice = await one.user('alice')
  bob = await one.user('bob')
  const room = await alice.createRoom({ preset: 'public_chat' })
  await bob.join(room)
})
afterAll(async () => {
  await two[Symbol.asyncDispose]()
  await one[Symbol.asyncDispose]()
})

const V3 = '/_matrix/client/v3'

async function syncOn(server: TestServer, user: TestUser, since?: string, timeout = 0) {
  const query = { timeout: String(timeout), set_presence: 'offline', ...(since && { since }) }
  const path = `${V3}/sync?${new URLSearchParams(query).toString()}`
  return ok(await server.request('GET', path, { token: user.token }))
}

const of = (answer: unknown, user: TestUser) =>
  list(answer, 'presence', 'events').filter((event) => at(event, 'sender') === user.userId)

const set = async (server: TestServer, user: TestUser, body: unknown) =>
  ok(
    await server.request('PUT', `${V3}/presence/${user.userId}/status`, {
      token: user.token,
      body,
    }),
  )

const statusOn = async (server: TestServer, reader: TestUser, user: TestUser) =>
  ok(await server.request('GET', `${V3}/presence/${user.userId}/status`, { token: reader.token }))

test('what one worker is told, readers at the other learn at once', async () => {
  const first = await syncOn(two, bob)
  const waiting = syncOn(two, bob, text(first, 'next_batch'), 30_000)
  await set(one, alice, { presence: 'online', status_msg: 'here' })
  expect(of(await waiting, alice)).toMatchObject([
    { content: { presence: 'online', status_msg: 'here' } },
  ])
  expect(await statusOn(two, bob, alice)).toMatchObject({ presence: 'online' })
})

test('a client that changes workers is told of every change, and then waits', async () => {
  let since = text(await syncOn(one, bob), 'next_batch')
  let seen: unknown
  for (const [n, server] of [one, two, one, two].entries()) {
    const status = `step ${n}`
    await set(server, alice, { presence: 'online', status_msg: status })
    for (let round = 0; round < 20 && seen !== status; round++) {
      const answer = await syncOn(round % 2 === 0 ? two : one, bob, since, 2_000)
      since = text(answer, 'next_batch')
      seen = at(of(answer, alice).at(-1), 'content', 'status_msg') ?? seen
    }
    expect(seen).toBe(status)
  }
  let answered = 0
  for (const server of [one, two, one, two, one, two]) {
    const started = performance.now()
    since = text(await syncOn(server, bob, since, 200), 'next_batch')
    if (performance.now() - started < 150) answered += 1
  }
  // one repetition at each worker may come at once, but it does not go on like that
  expect(answered).toBeLessThan(6)
})

test('a message outlasts a restart', async () => {
  const config = { config: CONFIG, databaseUrl: one.databaseUrl }
  const carol = await one.user('carol')
  {
    await using before = await startTestServer(config)
    await set(before, carol, { presence: 'online', status_msg: 'kept' })
  }
  await using after = await startTestServer(config)
  expect(await statusOn(after, carol, carol)).toMatchObject({ status_msg: 'kept' })
})
