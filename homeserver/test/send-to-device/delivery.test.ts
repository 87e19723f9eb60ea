import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { startTestServer, type TestServer } from '../harness/server.ts'
import { at, ok, type TestUser } from '../harness/user.ts'
import { numbers, send, sendNumber, tokenOf } from './inbox.ts'

let server: TestServer
let alice: TestUser
let bob: TestUser

beforeAll(async () => {
  server = await startTestServer()
  alice = await server.user('alice')
})
afterAll(() => server[Symbol.asyncDispose]())

let counter = 0
beforeEach(async () => {
  bob = await server.user(`bob${++counter}`)
})

describe('a first sync', () => {
  test('brings what waits and deletes nothing', async () => {
    await sendNumber(alice, bob, 1)
    await sendNumber(alice, bob, 2)
    expect(numbers(await bob.sync())).toEqual([1, 2])
    expect(numbers(await bob.sync())).toEqual([1, 2])
    expect(numbers(await bob.sync({ since: 's999_1' }))).toEqual([1, 2])
  })

  test('has no to_device when nothing waits', async () => {
    expect(at(await bob.sync(), 'to_device')).toBeUndefined()
  })
})

describe('an answer that was lost', () => {
  test('comes again with the token before, until its own token is presented', async () => {
    const first = tokenOf(await bob.sync())
    await sendNumber(alice, bob, 1)
    const lost = await bob.sync({ since: first })
    expect(numbers(lost)).toEqual([1])
    await sendNumber(alice, bob, 2)
    const again = await bob.sync({ since: first })
    expect(numbers(again)).toEqual([1, 2])
    // shows that the lost one came after all; 2 was in none that counts
    expect(numbers(await bob.sync({ since: tokenOf(lost) }))).toEqual([2])
    expect(numbers(await bob.sync({ since: first }))).toEqual([2])
    expect(numbers(await bob.sync({ since: tokenOf(again) }))).toEqual([])
    expect(numbers(await bob.sync({ since: first }))).toEqual([])
  })

  test('and is asked for with full_state comes again', async () => {
    const first = tokenOf(await bob.sync())
    await sendNumber(alice, bob, 1)
    const full = await bob.sync({ since: first, full_state: 'true' })
    expect(numbers(full)).toEqual([1])
    expect(numbers(await bob.sync({ since: tokenOf(full), full_state: 'true' }))).toEqual([])
  })

  test('of a token that never was deletes nothing that was not sent', async () => {
    await sendNumber(alice, bob, 1)
    const { pos, tag } = server.ctx.tokens.parse(tokenOf(await bob.sync()))
    await sendNumber(alice, bob, 2)
    expect(numbers(await bob.sync({ since: `s${tag}_${pos}_d${pos + 100}` }))).toEqual([2])
    expect(numbers(await bob.sync({ since: `s${tag}_${pos + 1_000_000}` }))).toEqual([2])
  })
})

describe('more than 100 messages', () => {
  test('come 100 at a time in their order, each answer at once, and again when lost', async () => {
    const start = tokenOf(await bob.sync())
    const all = Array.from({ length: 205 }, (_, n) => n)
    for (const n of all) await sendNumber(alice, bob, n)
    const first = await bob.sync({ since: start, timeout: '600000' })
    expect(numbers(first)).toEqual(all.slice(0, 100))
    expect(server.ctx.tokens.parse(tokenOf(first)).inbox).toBeDefined()
    expect(numbers(await bob.sync({ since: start }))).toEqual(all.slice(0, 100))

    const second = await bob.sync({ since: tokenOf(first), timeout: '600000' })
    expect(numbers(second)).toEqual(all.slice(100, 200))
    await sendNumber(alice, bob, 205)
    expect(numbers(await bob.sync({ since: tokenOf(first) }))).toEqual(all.slice(100, 200))
    expect(numbers(await bob.sync({ since: start }))).toEqual(all.slice(100, 200))

    const third = await bob.sync({ since: tokenOf(second), timeout: '600000' })
    expect(numbers(third)).toEqual([...all.slice(200), 205])
    expect(server.ctx.tokens.parse(tokenOf(third)).inbox).toBeUndefined()
    expect(numbers(await bob.sync({ since: tokenOf(third) }))).toEqual([])
    expect(numbers(await bob.sync())).toEqual([])
  })
})

describe('a filter', () => {
  test('of rooms and event types lets messages to devices pass', async () => {
    await sendNumber(alice, bob, 1)
    const none = { types: [], rooms: [] }
    const filter = JSON.stringify({
      account_data: none,
      presence: none,
      room: { rooms: [], timeline: none, state: none, ephemeral: none, account_data: none },
    })
    expect(numbers(await bob.sync({ filter }))).toEqual([1])
  })
})

describe('with two workers', () => {
  const timeout = '60000'
  const syncOn = async (at: TestServer, query: Readonly<Record<string, string>>) => {
    const search = new URLSearchParams(query).toString()
    const path = `/_matrix/client/v3/sync?${search}`
    return ok(await at.request('GET', path, { token: bob.token }))
  }

  test('a long poll is woken by a message through either', async () => {
    await using other = await startTestServer({ databaseUrl: server.databaseUrl })
    let since = tokenOf(await bob.sync())
    for (const [n, worker] of [server, other].entries()) {
      const waiting = syncOn(worker, { since, timeout })
      await send(alice, { [bob.userId]: { '*': { n } } })
      const answer = await waiting
      expect(numbers(answer)).toEqual([n])
      since = tokenOf(answer)
    }
    expect(numbers(await syncOn(other, { since }))).toEqual([])
  })

  test('what one has deleted the other does not tell, and neither loses what came since', async () => {
    await using other = await startTestServer({ databaseUrl: server.databaseUrl })
    const start = tokenOf(await syncOn(other, {}))
    await sendNumber(alice, bob, 1)
    const first = await syncOn(server, { since: start })
    expect(numbers(await syncOn(other, { since: start, timeout }))).toEqual([1])
    expect(numbers(await syncOn(server, { since: tokenOf(first) }))).toEqual([])
    await sendNumber(alice, bob, 2)
    expect(numbers(await syncOn(other, { since: start, timeout }))).toEqual([2])
    expect(numbers(await syncOn(other, {}))).toEqual([2])
    expect(numbers(await syncOn(server, { since: tokenOf(first) }))).toEqual([2])
  })
})
