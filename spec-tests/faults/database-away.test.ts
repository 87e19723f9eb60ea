import { afterAll, beforeAll, expect, test } from 'vitest'
import { ConfiguredServer } from '../target/configured-server.ts'
import { OwnPostgres, type StopMode } from '../target/own-postgres.ts'
import { TcpProxy } from '../target/tcp-proxy.ts'
import { LONG, longTest } from './long.ts'
import { pause } from '../target/pause.ts'
import { Traffic } from './traffic.ts'

const ROUNDS = LONG ? 30 : 6

let postgres: OwnPostgres
let proxy: TcpProxy
let server: ConfiguredServer
let traffic: Traffic

beforeAll(async () => {
  postgres = await OwnPostgres.create()
  proxy = await TcpProxy.start(postgres.port)
  server = await ConfiguredServer.start({ databaseUrl: postgres.url(proxy.port) })
  traffic = await Traffic.of(server.url, { writers: 4, readers: 2 })
})

afterAll(async () => {
  await traffic?.[Symbol.asyncDispose]()
  await server?.[Symbol.asyncDispose]()
  await proxy?.[Symbol.asyncDispose]()
  await postgres?.[Symbol.asyncDispose]()
})

/**
 * Traffic goes on while the fault happens; afterwards everything that was promised is there.
 * @returns how many requests were answered by 503
 */
async function survive(fault: () => Promise<void>): Promise<number> {
  traffic.failures.length = 0
  traffic.start()
  await traffic.progress(20)
  await fault()
  const ms = await traffic.recovered()
  console.log(`recovered after ${ms} ms; slowest request ${traffic.slowestMs} ms`)
  await traffic.progress(20)
  await traffic.stop()
  traffic.expectHonestFailures()
  await traffic.expectNothingLost()
  return traffic.failures.filter(({ status }) => status === 503).length
}

test('all connections are terminated again and again', async () => {
  await survive(async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      expect(await postgres.terminateAll()).toBeGreaterThan(0)
      await traffic.progress(5)
    }
  })
})

test('the network cuts all connections again and again', async () => {
  await survive(async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      proxy.cutAll()
      await traffic.progress(5)
    }
  })
})

test.each<StopMode>(LONG ? ['immediate', 'fast'] : ['immediate'])(
  'a restart of the database (%s)',
  async (mode) => {
    await survive(() => {
      postgres.stop(mode)
      postgres.start()
      return Promise.resolve()
    })
  },
)

test('a database that is refused for a moment', async () => {
  await survive(async () => {
    proxy.mode = 'refuse'
    proxy.cutAll()
    await pause(1_000)
    proxy.mode = 'pass'
  })
})

longTest('a database that is away for a minute: 503 in bounded time', async () => {
  const unavailable = await survive(async () => {
    postgres.stop('fast')
    await Promise.all([traffic.probe(), pause(60_000)])
    postgres.start()
  })
  expect(unavailable).toBeGreaterThan(4)
  expect(traffic.slowestMs).toBeLessThan(20_000)
})

longTest('a network that swallows everything: 503 in bounded time', async () => {
  const unavailable = await survive(async () => {
    proxy.mode = 'stall'
    await traffic.probe()
    await traffic.probe()
    proxy.mode = 'pass'
  })
  expect(unavailable).toBeGreaterThan(4)
})

longTest('connections that died in silence are replaced by new ones', async () => {
  const unavailable = await survive(async () => {
    proxy.mode = 'stall'
    // the old ones stay as they are, as after a firewall forgot them
    proxy.abandon()
    proxy.mode = 'pass'
    await traffic.probe()
  })
  expect(unavailable).toBeGreaterThan(0)
})
