import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { testDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { transaction, type Tx } from './db.ts'
import { DatabaseUnavailable } from './errors.ts'

describe('transaction', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
    await sql`CREATE TABLE counter (id int PRIMARY KEY, n bigint NOT NULL)`.execute(database.db)
    await sql`INSERT INTO counter VALUES (1, 0), (2, 0)`.execute(database.db)
  })
  afterAll(() => database[Symbol.asyncDispose]())

  const read = async (id: number) => {
    const { rows } = await sql<{ n: number }>`SELECT n FROM counter WHERE id = ${id}`.execute(
      database.db,
    )
    return rows[0]?.n
  }

  test('runs what must follow only after the commit', async () => {
    const seen: (number | undefined)[] = []
    await transaction(database.db, async (tx) => {
      tx.onCommit(() => seen.push(1))
      await sql`UPDATE counter SET n = 10 WHERE id = 1`.execute(tx)
      expect(seen).toEqual([])
    })
    expect(seen).toEqual([1])
    expect(await read(1)).toBe(10)
  })

  test('forgets what must follow when it rolls back', async () => {
    const seen: number[] = []
    const failed = transaction(database.db, async (tx) => {
      tx.onCommit(() => seen.push(1))
      await sql`UPDATE counter SET n = 99 WHERE id = 1`.execute(tx)
      throw new Error('no')
    })
    await expect(failed).rejects.toThrow('no')
    expect(seen).toEqual([])
    expect(await read(1)).toBe(10)
  })

  test('lock contention: is run again as a whole after a deadlock, and its callbacks run once', async () => {
    const bothHoldOne = Promise.withResolvers<void>()
    let holding = 0
    let attempts = 0
    let commits = 0
    const crossing = (first: number, second: number) =>
      transaction(database.db, async (tx) => {
        attempts++
        tx.onCommit(() => commits++)
        await sql`UPDATE counter SET n = n + 1 WHERE id = ${first}`.execute(tx)
        if (++holding === 2) bothHoldOne.resolve()
        await bothHoldOne.promise
        await sql`UPDATE counter SET n = n + 1 WHERE id = ${second}`.execute(tx)
      })
    await Promise.all([crossing(1, 2), crossing(2, 1)])
    // on a busy machine the second attempt may come in between once more
    expect(attempts).toBeGreaterThanOrEqual(3)
    expect(commits).toBe(2)
    expect(await read(1)).toBe(12)
    expect(await read(2)).toBe(2)
  })

  test('lock contention: gives up after some attempts', async () => {
    let attempts = 0
    const failed = transaction(database.db, async (tx) => {
      attempts++
      await sql`DO $$ BEGIN RAISE serialization_failure; END $$`.execute(tx)
    })
    await expect(failed).rejects.toMatchObject({ code: '40001' })
    expect(attempts).toBe(5)
  })

  test('joins an open transaction', async () => {
    const seen: string[] = []
    const failed = transaction(database.db, async (outer) => {
      await transaction(outer, async (inner) => {
        inner.onCommit(() => seen.push('inner'))
        await sql`UPDATE counter SET n = 77 WHERE id = 1`.execute(inner)
      })
      throw new Error('outer')
    })
    await expect(failed).rejects.toThrow('outer')
    expect(seen).toEqual([])
    expect(await read(1)).toBe(12)
  })

  test('refuses a query after its end', async () => {
    let leaked: Tx | undefined
    await transaction(database.db, async (tx) => {
      leaked = tx
    })
    await expect(leaked?.selectFrom('instance').selectAll().execute()).rejects.toThrow(
      /already committed/,
    )
  })

  test('reports a connection that broke under it, and the pool serves the next one', async () => {
    const broken = transaction(database.db, async (tx) => {
      await sql`SELECT pg_terminate_backend(pg_backend_pid())`.execute(tx)
    })
    await expect(broken).rejects.toThrow(DatabaseUnavailable)
    expect(await read(1)).toBe(12)
  })

  test('reads int8 as a number and fails beyond 2^53 instead of rounding', async () => {
    const { rows } = await sql`SELECT 9007199254740991::int8 AS n`.execute(database.db)
    expect(rows).toEqual([{ n: 9007199254740991 }])
    const beyond = sql`SELECT 9007199254740992::int8 AS n`.execute(database.db)
    await expect(beyond).rejects.toThrow(RangeError)
  })
})
