import { sql } from 'kysely'
import { Client } from 'pg'
import { expect, test } from 'vitest'
import { STREAM_LOCK } from '#db/functions/locks.ts'
import { testDatabase } from '../../../test/harness/database.ts'
import { makeRoom, next, testLog, testUser } from '../test-support/test-logs.ts'
import type { AppendItem } from '../types.ts'

/** A connection that can hold a transaction open. */
async function connection(url: string) {
  const client = new Client({ connectionString: url })
  await client.connect()
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.end() })
}

test('groups that are tried one by one are not written to a history that began meanwhile', async () => {
  await using database = await testDatabase()
  await using worker = await testLog(database.url)
  const alice = await testUser(worker, 'alice')
  const room = await makeRoom(worker, alice)
  await sql`ALTER TABLE account_data ADD CHECK (type <> 'refused')`.execute(database.db)
  const before = worker.tokens.tag

  await using epoch = await connection(database.url)
  await using pause = await connection(database.url)
  await epoch.query(`BEGIN; SELECT pg_advisory_xact_lock(${STREAM_LOCK})`)
  await pause.query('BEGIN; LOCK TABLE account_data IN SHARE MODE')
  const refused: AppendItem = {
    kind: 'account_data',
    user: alice.key,
    room: undefined,
    type: 'refused',
    content: '{"a":1}',
  }
  // one batch, which waits for the first lock, then for the second
  const outcomes = Promise.allSettled([
    worker.log.append([refused]),
    worker.log.append([next(room, alice)]),
  ])
  await epoch.query(`SELECT hs_begin_epoch(0, 'test'); COMMIT`)
  await expect.poll(() => worker.tokens.tag, { timeout: 15_000 }).not.toBe(before)
  await pause.query('ROLLBACK')

  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { status: 503 } })
  }
  const { rows } = await sql<{ pos: number }>`SELECT max(pos) AS pos FROM events`.execute(
    database.db,
  )
  expect(rows).toEqual([{ pos: 3 }])
})
