import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { systemClock as clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { testDatabase, type TestDatabase } from '../../test/harness/database.ts'
import { DatabaseUnavailable } from './errors.ts'
import { PipelinedClient } from './pipelined-client.ts'

const logger = createLogger('silent')
const echo = { name: 'echo', text: 'SELECT $1::int8 AS n' }
const suicide = { name: 'suicide', text: 'SELECT pg_terminate_backend(pg_backend_pid())' }

describe('PipelinedClient', () => {
  let database: TestDatabase
  beforeAll(async () => {
    database = await testDatabase()
  })
  afterAll(() => database[Symbol.asyncDispose]())

  const client = (url = database.url) =>
    new PipelinedClient({ url, applicationName: 'pipeline-test', clock, logger, patienceMs: 2000 })

  test('answers each of many overlapping queries with its own rows', async () => {
    await using pipeline = client()
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_, n) => pipeline.query(echo, [n])),
    )
    expect(answers).toEqual(Array.from({ length: 200 }, (_, n) => [{ n }]))
  })

  test('an error fails its own query only', async () => {
    await using pipeline = client()
    const answers = await Promise.allSettled([
      pipeline.query(echo, [1]),
      pipeline.query({ name: 'div', text: 'SELECT 1 / $1::int AS n' }, [0]),
      pipeline.query({ name: 'bad', text: 'SELECT nothing_there' }),
      pipeline.query(echo, [2]),
    ])
    expect(answers.map((answer) => answer.status)).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'fulfilled',
    ])
  })

  test('tells a query that may have run from one that has not, and connects again', async () => {
    await using pipeline = client()
    await pipeline.connect()
    const lost = await pipeline.query(suicide).catch((error: unknown) => error)
    expect(lost).toBeInstanceOf(DatabaseUnavailable)
    expect(lost).toMatchObject({ sent: true, status: 503 })
    expect(await pipeline.query(echo, [7])).toEqual([{ n: 7 }])
  })

  test('gives up on an unreachable server in bounded time, nothing sent', async () => {
    await using pipeline = new PipelinedClient({
      url: 'postgres://nobody@127.0.0.1:1/none',
      applicationName: 'pipeline-test',
      clock,
      logger,
      patienceMs: 100,
    })
    await expect(pipeline.query(echo, [1])).rejects.toMatchObject({ sent: false, status: 503 })
  })

  test('takes a connection that owes an answer too long for dead, and connects again', async () => {
    await using pipeline = new PipelinedClient({
      url: database.url,
      applicationName: 'pipeline-test',
      clock,
      logger,
      silenceMs: 200,
    })
    const sleep = { name: 'sleep', text: 'SELECT pg_sleep(9)' }
    const [first, second] = await Promise.allSettled([
      pipeline.query(sleep),
      pipeline.query(echo, [1]),
    ])
    expect(first).toMatchObject({ status: 'rejected', reason: { sent: true, status: 503 } })
    expect(second).toMatchObject({ status: 'rejected', reason: { sent: true, status: 503 } })
    expect(await pipeline.query(echo, [7])).toEqual([{ n: 7 }])
  })

  test('runs onConnect on every new connection', async () => {
    let connections = 0
    await using pipeline = new PipelinedClient({
      url: database.url,
      applicationName: 'pipeline-test',
      clock,
      logger,
      async onConnect(run) {
        connections++
        await run("SET application_name = 'set-by-hook'")
      },
    })
    const name = { name: 'name', text: "SELECT current_setting('application_name') AS name" }
    expect(await pipeline.query(name)).toEqual([{ name: 'set-by-hook' }])
    await pipeline.query(suicide).catch(() => undefined)
    expect(await pipeline.query(name)).toEqual([{ name: 'set-by-hook' }])
    expect(connections).toBe(2)
  })

  test('ends only after the answers of what was sent', async () => {
    const pipeline = client()
    await pipeline.connect()
    const answer = pipeline.query(echo, [3])
    await pipeline.close()
    expect(await answer).toEqual([{ n: 3 }])
    await expect(pipeline.query(echo, [4])).rejects.toThrow(DatabaseUnavailable)
  })
})
