import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { createLogger } from '#platform/logger.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { InboxBounds } from './caches/inbox-bounds.ts'
import { Housekeeping } from './housekeeping.ts'
import { createInbox } from './inbox.ts'
import type { OpenLog } from './index.ts'
import { asDeviceKey } from './keys.ts'
import type { Reader } from './read/connections.ts'
import { testLog } from './test-support/test-logs.ts'
import type { DeviceKey, LogEntry, ToDeviceItem } from './types.ts'

let database: TestDatabase
let one: OpenLog
let two: OpenLog

beforeAll(async () => {
  database = await testDatabase()
  one = await testLog(database.url)
  two = await testLog(database.url)
  await sql`INSERT INTO accounts (user_key, user_id, admin, created_ts)
    VALUES (1, '@alice:test.example', false, 0)`.execute(database.db)
})
afterAll(async () => {
  await two[Symbol.asyncDispose]()
  await one[Symbol.asyncDispose]()
  await database[Symbol.asyncDispose]()
})

let counter = 0

async function newDevice(): Promise<DeviceKey> {
  const { key } = await database.db
    .insertInto('devices')
    .values({ user_key: 1, device_id: `device ${++counter}`, created_ts: 0 })
    .returning('key')
    .executeTakeFirstOrThrow()
  return asDeviceKey(key)
}

function item(messages: Iterable<readonly [DeviceKey, string]>, id?: string): ToDeviceItem {
  const key = id ?? `txn ${++counter}`
  return {
    kind: 'to_device',
    messages: new Map(messages),
    txn: { device: asDeviceKey(1), key, id: key },
  }
}

const everything = (worker: OpenLog) => ({ after: 0, upTo: worker.log.head, limit: 100 })

async function eventsOf(worker: OpenLog, device: DeviceKey): Promise<readonly string[]> {
  const { messages } = await worker.inbox.read(device, everything(worker))
  return messages.map(({ event }) => event)
}

describe('messages to devices', () => {
  test('of one request share a position; both workers make the same entry of it', async () => {
    const seen: [LogEntry[], LogEntry[]] = [[], []]
    await two.log.catchUp()
    using stack = new DisposableStack()
    stack.defer(one.log.subscribe((entries) => seen[0].push(...entries)))
    stack.defer(two.log.subscribe((entries) => seen[1].push(...entries)))
    const [a, b] = [await newDevice(), await newDevice()]
    const before = one.log.head
    await one.log.append([
      item([
        [b, '"to b"'],
        [a, '"to a"'],
      ]),
    ])
    await two.log.catchUp()
    const expected = [{ kind: 'to_device', pos: before + 1, devices: [a, b] }]
    expect(seen).toEqual([expected, expected])
    expect(await eventsOf(one, a)).toEqual(['"to a"'])
    expect(await eventsOf(two, b)).toEqual(['"to b"'])
  })

  test('that do not exist any more are dropped, and the others delivered', async () => {
    const device = await newDevice()
    const gone = asDeviceKey(999_999)
    await one.log.append([
      item([
        [gone, '"gone"'],
        [device, '"here"'],
      ]),
    ])
    expect(await eventsOf(one, device)).toEqual(['"here"'])
    expect(await eventsOf(one, gone)).toEqual([])
    await one.log.append([item([[gone, '"alone"']])])
    expect(await eventsOf(one, gone)).toEqual([])
  })

  test('of a known transaction get no position, on any worker, at the same time too', async () => {
    const device = await newDevice()
    const before = one.log.head
    const again = (text: string) => item([[device, text]], 'the same')
    const outcomes = await Promise.all([
      one.log.append([again('"first"')]),
      two.log.append([again('"second"')]),
      one.log.append([again('"third"')]),
    ])
    expect(outcomes.map(({ outcome }) => outcome)).toEqual(['ok', 'ok', 'ok'])
    await Promise.all([one.log.catchUp(), two.log.catchUp()])
    expect(one.log.head).toBe(before + 1)
    expect(two.log.head).toBe(before + 1)
    expect(await eventsOf(two, device)).toHaveLength(1)
  })

  test('are stored once each though the connection breaks again and again', async () => {
    const device = await newDevice()
    const cut = () =>
      sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE application_name = 'hearth append' AND datname = current_database()`.execute(
        database.db,
      )
    const chain = async (sender: number) => {
      for (let n = 0; n < 40; n++) {
        const sent = one.log.append([item([[device, `"${sender} ${n}"`]], `${sender} ${n}`)])
        if (n % 8 === sender) await cut()
        expect(await sent).toEqual({ outcome: 'ok' })
      }
    }
    const senders = [0, 1, 2, 3]
    await Promise.all(senders.map(chain))
    const { messages } = await one.inbox.read(device, { ...everything(one), limit: 1_000 })
    expect(messages).toHaveLength(160)
    for (const sender of senders) {
      const own = messages.filter(({ event }) => event.startsWith(`"${sender} `))
      expect(own.map(({ event }) => event)).toEqual(
        Array.from({ length: 40 }, (_, n) => `"${sender} ${n}"`),
      )
    }
  })

  test('must be alone in their group', async () => {
    const group = [item([]), item([])]
    await expect(async () => await one.log.append(group)).rejects.toThrow(TypeError)
  })

  test('wake the long polls of their devices only', async () => {
    const [device, other] = [await newDevice(), await newDevice()]
    using waiter = two.wakeups.register([`d${device}`])
    using bystander = two.wakeups.register([`d${other}`])
    await one.log.append([item([[device, '1']])])
    await waiter.woken
    expect(bystander.isWoken).toBe(false)
  })
})

describe('the inbox of a device that is deleted', () => {
  const rows = async (device: DeviceKey): Promise<number> => {
    const found = await database.db
      .selectFrom('inbox')
      .select('pos')
      .where('device', '=', device)
      .execute()
    return found.length
  }
  const invalidation = (device: DeviceKey) =>
    ({ kind: 'invalidation', what: 'device', key: String(device) }) as const
  const remove = async (device: DeviceKey): Promise<void> => {
    await database.db.deleteFrom('devices').where('key', '=', device).execute()
  }

  test('is emptied when that is told; one that only lost its token keeps it', async () => {
    const [gone, signedOut] = [await newDevice(), await newDevice()]
    await one.log.append([
      item([
        [gone, '1'],
        [signedOut, '2'],
      ]),
    ])
    await remove(gone)
    await one.log.append([invalidation(gone), invalidation(signedOut)])
    expect(await rows(gone)).toBe(0)
    expect(await rows(signedOut)).toBe(1)
  })

  test('is emptied by housekeeping when nobody told', async () => {
    const [gone, here] = [await newDevice(), await newDevice()]
    await one.log.append([
      item([
        [gone, '1'],
        [here, '2'],
      ]),
    ])
    await remove(gone)
    const { reader } = one.internals
    await new Housekeeping({ reader, clock, logger: createLogger('silent') }).prune()
    expect(await rows(gone)).toBe(0)
    expect(await rows(here)).toBe(1)
  })
})

/** The inbox of a worker of its own, which tells its statements. */
function watched(worker: OpenLog, epochs = { tag: 1 }) {
  const statements: string[] = []
  const reader: Reader = {
    query(statement, values) {
      statements.push(statement.name)
      return worker.internals.reader.query(statement, values)
    },
  }
  const reach = (pos: number) => worker.internals.reach(pos)
  const bounds = new InboxBounds({ reader, reach })
  const stop = worker.log.subscribe((entries) => bounds.apply(entries))
  return { inbox: createInbox({ reader, bounds, epochs }), statements, [Symbol.dispose]: stop }
}

describe('a look into an inbox', () => {
  test('asks the database once, and then only when there is something', async () => {
    const device = await newDevice()
    using looked = watched(one)
    const { inbox, statements } = looked
    for (let round = 0; round < 3; round++) {
      await inbox.confirm(device, one.log.head)
      expect((await inbox.read(device, everything(one))).messages).toEqual([])
    }
    expect(statements).toEqual(['inbox_bounds'])

    const before = one.log.head
    await one.log.append([item([[device, '1']])])
    await inbox.confirm(device, before)
    expect((await inbox.read(device, { ...everything(one), upTo: before })).messages).toEqual([])
    expect(statements).toEqual(['inbox_bounds'])
    expect((await inbox.read(device, everything(one))).messages).toEqual([
      { pos: before + 1, event: '1' },
    ])
    await inbox.confirm(device, one.log.head)
    await inbox.confirm(device, one.log.head)
    expect((await inbox.read(device, everything(one))).messages).toEqual([])
    expect(statements).toEqual(['inbox_bounds', 'inbox_read', 'inbox_confirm'])
  })

  test('finds what was there before, and what another worker put there', async () => {
    const device = await newDevice()
    await two.log.append([item([[device, '1']])])
    await one.log.catchUp()
    using looked = watched(one)
    const { inbox } = looked
    expect((await inbox.read(device, everything(one))).messages).toHaveLength(1)
    await two.log.append([item([[device, '2']])])
    await one.log.catchUp()
    const { messages, more } = await inbox.read(device, { ...everything(one), limit: 1 })
    expect(messages.map(({ event }) => event)).toEqual(['1'])
    expect(more).toBe(true)
    await inbox.confirm(device, messages[0]?.pos ?? 0)
    expect(await eventsOf(two, device)).toEqual(['2'])
    expect((await inbox.read(device, everything(one))).messages).toHaveLength(1)
  })

  test('that another worker has emptied asks once more, and then no longer', async () => {
    const device = await newDevice()
    using looked = watched(one)
    const { inbox, statements } = looked
    await inbox.confirm(device, 0)
    await one.log.append([item([[device, '1']])])
    await two.log.catchUp()
    await two.inbox.confirm(device, two.log.head)
    await inbox.confirm(device, one.log.head)
    await inbox.confirm(device, one.log.head)
    expect((await inbox.read(device, everything(one))).messages).toEqual([])
    expect(statements).toEqual(['inbox_bounds', 'inbox_confirm'])
  })
})

describe('a confirmation', () => {
  test('of a position in another history deletes nothing', async () => {
    const device = await newDevice()
    await one.log.append([item([[device, '1']])])
    using before = watched(one, { tag: 0 })
    await before.inbox.confirm(device, one.log.head)
    expect(await eventsOf(one, device)).toEqual(['1'])
    await one.inbox.confirm(device, one.log.head)
    expect(await eventsOf(one, device)).toEqual([])
  })
})
