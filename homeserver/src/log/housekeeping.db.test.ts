import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../../test/harness/database.ts'
import { createLogger } from '#platform/logger.ts'
import { systemClock } from '#platform/clock.ts'
import { Housekeeping, TRANSACTION_LIFE_MS } from './housekeeping.ts'
import { asDeviceKey } from './keys.ts'
import { makeRoom, next, testLog, testUser } from './test-support/test-logs.ts'

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
