import { expect, test } from 'vitest'
import { asDeviceKey, asRoomKey } from '#log/keys.ts'
import type { LogEntry, MembershipRow, RoomKey, UserKey, WakeKey } from '#log/types.ts'
import { createLogger } from '#platform/logger.ts'
import { accountServices } from '#services/accounts/test-support/account-services.ts'
import { entry } from '#services/sync/test-support/entries.ts'
import { testDatabase, TEST_SERVER_NAME } from '../../../test/harness/database.ts'
import { parseServerName } from '#matrix/ids.ts'
import { PresenceTable } from './presence-table.ts'
import { ACTIVE_MS, CONNECTED_MS, IDLE_MS } from './user-presence.ts'

/** A clock that is moved by hand. */
class HandClock {
  #now = 1_700_000_000_000
  #timers: { at: number; callback: () => void }[] = []
  now = () => this.#now
  monotonic = () => this.#now
  sleep = () => Promise.resolve()
  after = (ms: number, callback: () => void) => {
    const timer = { at: this.#now + ms, callback }
    this.#timers.push(timer)
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer))
  }
  advance(ms: number) {
    const end = this.#now + ms
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).toSorted((a, b) => a.at - b.at)[0]
      if (next === undefined) break
      this.#now = next.at
      this.#timers = this.#timers.filter((other) => other !== next)
      next.callback()
    }
    this.#now = end
  }
}

const PHONE = asDeviceKey(1)
const ROOM = asRoomKey(7)

/** A table over a real database, with a log that is told by hand. */
async function setUp(database: Awaited<ReturnType<typeof testDatabase>>, clock = new HandClock()) {
  const { accounts } = accountServices(database.db)
  const known = await accounts.find(accounts.named('alice') ?? never())
  const alice = known ?? (await accounts.create({ localpart: 'alice' }))
  const woken: WakeKey[] = []
  let follow: (entries: readonly LogEntry[]) => void = () => {}
  const row = { room: ROOM, membership: 'join', pos: 1, forgotten: false, user: alice.key }
  const table = new PresenceTable({
    db: database.db,
    clock,
    logger: createLogger('silent'),
    log: {
      subscribe(listener) {
        follow = listener
        return () => {}
      },
    },
    reads: {
      membershipsOf: () => Promise.resolve(new Map<RoomKey, MembershipRow>([[ROOM, row]])),
    },
    wakeups: { wake: (keys: Iterable<WakeKey>) => void woken.push(...keys) },
    serverName: parseServerName(TEST_SERVER_NAME),
  })
  await table.ready
  const device = { user: alice.key, userId: alice.userId, device: PHONE }
  return {
    clock,
    table,
    woken,
    alice,
    say: (state: 'online' | 'unavailable' | 'offline', more: { statusMsg?: string } = {}) =>
      table.apply({ ...device, state, lastActive: clock.now(), ...more }),
    presence: () => table.get(alice.key)?.shown.presence,
    send: () => {
      const sent = entry(1)
      follow([{ ...sent, event: { ...sent.event, sender: alice.key, senderId: alice.userId } }])
    },
  }
}

function never(): never {
  throw new Error('alice is a user name')
}

test('a device that is heard of no longer makes its user offline, and wakes the rooms', async () => {
  await using database = await testDatabase()
  const { alice, clock, presence, say, table, woken } = await setUp(database)
  say('online')
  expect(presence()).toBe('online')
  await expect.poll(() => woken).toEqual([`u${alice.key}`, `r${ROOM}`])
  const before = table.changes.stamp
  clock.advance(CONNECTED_MS - 1)
  expect(table.changes.after(before).size).toBe(0)
  clock.advance(1)
  expect(presence()).toBe('offline')
  expect([...table.changes.after(before)]).toEqual([alice.key])
  await expect.poll(() => woken).toHaveLength(4)
})

test('a user who stays connected becomes inactive, then idle, and active by sending', async () => {
  await using database = await testDatabase()
  const { alice, clock, presence, say, send, table } = await setUp(database)
  const lastActive = clock.now()
  say('online')
  const stay = (until: number) => {
    while (clock.now() < until) {
      clock.advance(Math.min(20_000, until - clock.now()))
      const device = { user: alice.key, userId: alice.userId, device: PHONE }
      table.apply({ ...device, state: 'online', lastActive })
    }
  }
  stay(lastActive + ACTIVE_MS)
  expect(table.get(alice.key)?.shown).toMatchObject({ presence: 'online', currentlyActive: false })
  stay(lastActive + IDLE_MS)
  expect(presence()).toBe('unavailable')
  send()
  expect(table.get(alice.key)?.shown).toMatchObject({ presence: 'online', currentlyActive: true })
})

test('nobody is told that somebody is still active', async () => {
  await using database = await testDatabase()
  const { clock, say, send, table } = await setUp(database)
  say('online')
  const before = table.changes.stamp
  for (let n = 0; n < 5; n++) {
    clock.advance(5_000)
    send()
  }
  expect(table.changes.after(before).size).toBe(0)
})

test('a restarted worker has the messages, and gives who was there a little time', async () => {
  await using database = await testDatabase()
  const first = await setUp(database)
  first.say('online', { statusMsg: 'here' })
  await first.table.stop()
  const { alice, clock, presence, table } = await setUp(database, first.clock)
  expect(table.get(alice.key)?.shown).toMatchObject({ presence: 'online', statusMsg: 'here' })
  const before = table.changes.stamp
  clock.advance(CONNECTED_MS)
  expect(presence()).toBe('offline')
  expect([...table.changes.after(before)]).toEqual([alice.key])
})

test('who became idle while no worker ran is told of anew', async () => {
  await using database = await testDatabase()
  const first = await setUp(database)
  first.say('online')
  const told = first.table.changes.stamp
  await first.table.stop()
  first.clock.advance(IDLE_MS)
  const { alice, presence, table } = await setUp(database, first.clock)
  expect(presence()).toBe('unavailable')
  expect([...table.changes.after(told)] satisfies UserKey[]).toEqual([alice.key])
})
