import { expect, test } from 'vitest'
import { testDatabase } from '../../../test/harness/database.ts'
import { testLog } from '../test-support/test-logs.ts'

test('when too much waits to be written the next one is told to come back, and all before is written', async () => {
  await using database = await testDatabase()
  await using worker = await testLog(database.url)
  const append = () =>
    worker.log.append([{ kind: 'invalidation', what: 'registration', key: 'none' }])
  const waiting = Array.from({ length: 10_000 }, append)
  await expect(append()).rejects.toMatchObject({ status: 503, extra: { retry_after_ms: 1000 } })
  const outcomes = await Promise.all(waiting)
  expect(outcomes.every(({ outcome }) => outcome === 'ok')).toBe(true)
  expect(await append()).toEqual({ outcome: 'ok' })
})
