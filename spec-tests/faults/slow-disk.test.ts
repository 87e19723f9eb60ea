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
  const most = (MESSAGES * delayMs) / 2 + 10_000
  await traffic.progress(MESSAGES, most)
  const ms = performance.now() - began
  // one commit at a time, each for all who wait: alone they would take MESSAGES x delay
  console.log(`${delayMs} ms: ${Math.round((MESSAGES * 1000) / ms)} messages a second`)
  expect(ms).toBeLessThan(most)
  await traffic.stop()
  expect(traffic.failures).toEqual([])

  // who has nothing new asks nothing of the database
  await chain.step(0)
  const idle = performance.now()
  for (let n = 0; n < 10; n += 1) await chain.step(0)
  const each = (performance.now() - idle) / 10
  console.log(`an idle sync takes ${Math.round(each)} ms`)
  expect(each).toBeLessThan(delayMs)
  proxy.delayMs = 0
  await traffic.expectNothingLost()
})
