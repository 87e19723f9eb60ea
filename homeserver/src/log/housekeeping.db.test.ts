import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../../test/harness/database.ts'
import { createLogger } from '#platform/logger.ts'
import { systemClock } from '#platform/clock.ts'
import { Housekeeping, TRANSACTION_LIFE_MS } from './housekeeping.ts'
import { asDeviceKey } from './keys.ts'
import { makeRoom, next, testLog, testUser } from './test-support/test-logs.ts'
import type { EventRef } from './types.ts'

test('a transaction key is kept for its time and no longer', async () => {
  await using database = await testDatabase()
  await using worker = await testLog(database.url)
  const alice = await testUser(worker, 'alice')
  const room = await makeRoom(worker, alice)
  const txn = (key: string) => ({ device: asDeviceKey(1), key, id: key })
  const first = next(room, alice, { txn: txn('old') })
  await worker.log.append([first])
  await worker.log.append([next(room, alice, { txn: txn('young') })])
  const start = systemClock.now()
  await sql`UPDATE txns SET created_ts = ${start} WHERE key = 'old'`.execute(database.db)
  await sql`UPDATE txns SET created_ts = ${start + 1} WHERE key = 'young'`.execute(database.db)
  const keys = async (now: number): Promise<unknown[]> => {
    const clock = { ...systemClock, now: () => now }
    const { reader } = worker.internals
    await new Housekeeping({ reader, clock, logger: createLogger('silent') }).prune()
    const { rows } = await sql<{ key: string }>`SELECT key FROM txns`.execute(database.db)
    return rows.map((row) => row.key).sort()
  }
  expect(await keys(start + TRANSACTION_LIFE_MS)).toEqual(['old', 'young'])
  expect(await keys(start + TRANSACTION_LIFE_MS + 1)).toEqual(['young'])
  expect(await keys(start + TRANSACTION_LIFE_MS + 2)).toEqual([])
})

test('a mention is kept until its user has read that part of the room', async () => {
  await using database = await testDatabase()
  await using worker = await testLog(database.url)
  const alice = await testUser(worker, 'alice')
  const bob = await testUser(worker, 'bob')
  const room = await makeRoom(worker, alice)
  const mention = async (thread?: EventRef): Promise<EventRef> => {
    const item = next(room, alice, { flags: 32, highlights: [bob.key], thread })
    await worker.log.append([item])
    return item.ref
  }
  const read = async (event: EventRef, threadId: string | undefined): Promise<void> => {
    const receipt = { room: room.key, user: bob.key, type: 'm.read', threadId, event, ts: 1 }
    await worker.log.append([{ kind: 'receipt', ...receipt }])
  }
  const kept = async (): Promise<number[]> => {
    const { reader } = worker.internals
    const deps = { reader, clock: systemClock, logger: createLogger('silent') }
    await new Housekeeping(deps).prune()
    const { rows } = await sql<{ pos: number }>`SELECT pos FROM highlights`.execute(database.db)
    return rows.map(({ pos }) => pos).sort((a, b) => a - b)
  }
  const root = await mention()
  const inThread = await mention(root)
  const later = await mention()
  expect(await kept()).toEqual([root.pos, inThread.pos, later.pos])
  await read(root, 'main')
  expect(await kept()).toEqual([inThread.pos, later.pos])
  await read(later, 'main')
  expect(await kept()).toEqual([inThread.pos])
  await read(inThread, root.eventId)
  expect(await kept()).toEqual([])
  const [last, more] = [await mention(), await mention(root)]
  await read(last, undefined)
  expect(await kept()).toEqual([more.pos])
})
