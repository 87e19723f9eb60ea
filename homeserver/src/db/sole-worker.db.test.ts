import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { testDatabase } from '../../test/harness/database.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { SoleWorker } from './sole-worker.ts'

const logger = createLogger('silent')

test('of several workers one is the sole one; when it leaves another takes its place', async () => {
  await using database = await testDatabase()
  const workers = [1, 2, 3].map(() => new SoleWorker({ url: database.url, clock, logger }))
  const looked = async () => {
    await Promise.all(workers.map((worker) => worker.look()))
    return workers.filter((worker) => worker.isSole)
  }
  const [first, ...rest] = await looked()
  expect(rest).toEqual([])
  expect(await looked()).toEqual([first])
  await first?.[Symbol.asyncDispose]()
  workers.splice(0, 3, ...workers.filter((worker) => worker !== first))
  await expect.poll(async () => (await looked()).length).toBe(1)
  for (const worker of workers) await worker[Symbol.asyncDispose]()
})

test('who loses the connection is the sole worker no more', async () => {
  await using database = await testDatabase()
  await using worker = new SoleWorker({ url: database.url, clock, logger })
  await worker.look()
  expect(worker.isSole).toBe(true)
  await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'hearth sole' AND datname = current_database()`.execute(database.db)
  await expect.poll(() => worker.isSole).toBe(false)
  await worker.look()
  expect(worker.isSole).toBe(true)
})

test('a database that cannot be reached makes nobody the sole worker', async () => {
  const url = 'postgres://nobody@127.0.0.1:1/none'
  await using worker = new SoleWorker({ url, clock, logger })
  await worker.look()
  expect(worker.isSole).toBe(false)
})
