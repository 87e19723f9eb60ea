import { expect, test } from 'vitest'
import { ConfiguredServer } from '../target/configured-server.ts'
import { OwnPostgres } from '../target/own-postgres.ts'
import { TcpProxy } from '../target/tcp-proxy.ts'
import { LONG } from './long.ts'
import { Traffic } from './traffic.ts'

const DELAYS_MS = LONG ? [50, 200, 1000] : [200]
const MESSAGES = LONG ? 400 : 80

test.each(DELAYS_MS)('a database that takes %i ms for every answer', async (delayMs) => {
  await using postgres = await OwnPostgres.create()
  await using proxy = await TcpProxy.start(postgres.port)
  await using server = await ConfiguredServer.start({ databaseUrl: postgres.url(proxy.port) })
  await using traffic = await Traffic.of(server.url, { writers: 10, readers: 2 })
  const [chain] = traffic.chains
  if (chain === undefined) throw new Error('no reader')
  proxy.delayMs = delayMs
  traffic.start()
  const began = performance.now()
  await traffic.progress(MESSAGES)
  const ms = performance.now() - began
  console.log(`${delayMs} ms: ${Math.round((MESSAGES * 1000) / ms)} messages a second`)
  await traffic.stop()
  // one commit at a time, each for all who wait
  const [written] = await postgres.query<{ messages: number; commits: number }>(
    `SELECT count(*)::int AS messages, count(DISTINCT xmin::text)::int AS commits
     FROM events WHERE type = (SELECT key FROM event_types WHERE type = 'm.room.message')`,
  )
  expect(written?.messages).toBeGreaterThanOrEqual(MESSAGES)
  expect(written?.commits).toBeLessThan(MESSAGES / 2)
  expect(traffic.failures).toEqual([])

  // who has nothing new asks nothing of the database
  await chain.step(0)
  const times: number[] = []
  for (let n = 0; n < 10; n += 1) {
    const asked = performance.now()
    await chain.step(0)
    times.push(performance.now() - asked)
  }
  // the machine may be busy; an answer of the database would make every one of them slow
  const fastest = Math.min(...times)
  console.log(`an idle sync takes ${Math.round(fastest)} ms`)
  expect(fastest).toBeLessThan(delayMs)
  proxy.delayMs = 0
  await traffic.expectNothingLost()
})
