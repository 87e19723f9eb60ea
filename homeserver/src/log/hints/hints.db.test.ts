import pg from 'pg'
import { expect, test } from 'vitest'
import { testDatabase } from '../../../test/harness/database.ts'
import { testLog } from '../test-support/test-logs.ts'
import { HINTS_CHANNEL } from './hints.ts'

/** A connection that hears every notification, whoever it is meant for. */
async function listener(url: string, hear: (payload: string) => void): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url })
  client.on('notification', ({ payload }) => hear(payload ?? ''))
  await client.connect()
  await client.query(`LISTEN ${HINTS_CHANNEL}`)
  return client
}

test('hints reach the other workers in order, and not the one that gave them', async () => {
  await using database = await testDatabase()
  await using one = await testLog(database.url)
  await using two = await testLog(database.url)
  const own: string[] = []
  one.hints.subscribe('topic', (text) => own.push(text))
  const heard: string[] = []
  const { promise: last, resolve } = Promise.withResolvers<void>()
  two.hints.subscribe('other topic', (text) => heard.push(text))
  two.hints.subscribe('topic', (text) => {
    heard.push(text)
    if (text === 'last') resolve()
  })
  // more than fits into one notification, quotes and two-byte characters included
  const texts = Array.from({ length: 60 }, (_, n) => `${n} "${'ä'.repeat(200)}"`)
  for (const text of texts) one.hints.publish('topic', text)
  one.hints.publish('topic', 'last')
  await last
  expect(heard).toEqual([...texts, 'last'])
  expect(own).toEqual([])
  two.hints.publish('topic', 'back')
  await expect.poll(() => own).toEqual(['back'])
})

test('a hint that no other worker could hear is not sent', async () => {
  await using database = await testDatabase()
  const heard: string[] = []
  await using worker = await testLog(database.url)
  const client = await listener(database.url, (payload) => heard.push(payload))
  worker.hints.publish('topic', 'to nobody')
  await using other = await testLog(database.url)
  other.hints.publish('topic', 'to one')
  await expect.poll(() => heard.length).toBe(1)
  expect(heard[0]).toContain('to one')
  await client.end()
})

test('a hint that is too long is refused', async () => {
  await using database = await testDatabase()
  await using worker = await testLog(database.url)
  expect(() => worker.hints.publish('topic', 'x'.repeat(7_000))).toThrow(RangeError)
})
