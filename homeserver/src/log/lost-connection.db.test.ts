import { sql } from 'kysely'
import { mkdtemp, rm, chmod } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { testDatabase, TEST_SERVER_NAME } from '../../test/harness/database.ts'
import { createDb } from '#db/db.ts'
import { startEmbedded } from '#db/embedded/embedded.ts'
import { prepareDatabase } from '#db/prepare.ts'
import { createLogger } from '#platform/logger.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { systemRng as rng } from '#platform/rng.ts'
import type { OpenLog } from './index.ts'
import { asDeviceKey } from './keys.ts'
import { eventItem, makeRoom, newRef, testLog, testUser } from './test-support/test-logs.ts'
import type { UserInfo } from './types.ts'

/**
 * A client that sends one message after the other into its own room and repeats a transaction,
 * with a newly signed event, until it is acknowledged.
 */
async function client(worker: OpenLog, n: number, sender: UserInfo, until: AbortSignal) {
  const room = await makeRoom(worker, sender)
  const device = asDeviceKey(n)
  const acknowledged: string[] = []
  let last = room.last
  for (let k = 0; !until.aborted; k++) {
    const txn = { device, key: `send ${room.key} ${k}`, id: `${k}` }
    for (let acked = false; !acked;) {
      const ref = newRef(last.depth + 1)
      const prev = [last]
      const item = eventItem(room.key, sender, { ref, prev, stateVersion: 3, txn })
      try {
        const result = await worker.log.append([item])
        expect(result.outcome).not.toBe('conflict')
        acknowledged.push(result.outcome === 'duplicate' ? result.eventId : ref.eventId)
        if (result.outcome === 'ok') last = ref
        acked = true
      } catch (error) {
        expect(error).toMatchObject({ status: 503 })
      }
    }
  }
  return { room: room.key, acknowledged }
}

test('a writer that is cut off again and again loses and doubles nothing', async () => {
  await using database = await testDatabase()
  await using worker = await testLog(database.url)
  const alice = await testUser(worker, 'alice')
  const until = new AbortController()
  const clients = Array.from({ length: 8 }, (_, n) => client(worker, n + 1, alice, until.signal))
  for (let round = 0; round < 6; round++) {
    const head = worker.log.head
    await sql`SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE application_name = 'hearth append' AND datname = current_database()`.execute(
      database.db,
    )
    while (worker.log.head < head + 50) await clock.sleep(5)
  }
  until.abort()
  for (const { room, acknowledged } of await Promise.all(clients)) {
    const { rows } = await sql<{ event_id: string }>`SELECT event_id FROM events
      WHERE room = ${room} AND state_key IS NULL ORDER BY pos`.execute(database.db)
    expect(rows.map((row) => row.event_id)).toEqual(acknowledged)
  }
})

test(
  'kill -9 of Postgres under load: every acknowledged event is there exactly once',
  { timeout: 60_000 },
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'hearth-log-'))
    await chmod(folder, 0o711)
    const logger = createLogger('silent')
    const postgres = await startEmbedded({ data: join(folder, 'data'), clock, rng, logger })
    try {
      const db = createDb({ url: postgres.url, logger })
      await prepareDatabase(db, { serverName: TEST_SERVER_NAME, testMode: false, clock })
      const worker = await testLog(postgres.url)
      const alice = await testUser(worker, 'alice')
      const until = new AbortController()
      const clients = Array.from({ length: 8 }, (_, n) =>
        client(worker, n + 1, alice, until.signal),
      )
      for (let round = 0; round < 2; round++) {
        while (worker.log.head < 200 * (round + 1)) await clock.sleep(5)
        const back = new Promise<void>((resolve) => postgres.onRestart(resolve))
        process.kill(postgres.postmasterPid, 'SIGKILL')
        await back
      }
      const head = worker.log.head
      while (worker.log.head < head + 200) await clock.sleep(5)
      until.abort()
      for (const { room, acknowledged } of await Promise.all(clients)) {
        const { rows } = await sql<{ event_id: string }>`SELECT event_id FROM events
          WHERE room = ${room} AND state_key IS NULL ORDER BY pos`.execute(db)
        expect(rows.map((row) => row.event_id)).toEqual(acknowledged)
      }
      expect(worker.health()).toBe(true)
      await worker[Symbol.asyncDispose]()
      await db.destroy()
    } finally {
      await postgres.stop()
      await rm(folder, { recursive: true })
    }
  },
)
