import { expect, test } from 'vitest'
import { ConfiguredServer } from '../target/configured-server.ts'
import { OwnPostgres } from '../target/own-postgres.ts'
import { noSmallDisk, SmallDisk } from './small-disk.ts'
import { eventually, Traffic } from './traffic.ts'

const impossible = noSmallDisk()
const title = (text: string) => (impossible === undefined ? text : `${text} (${impossible})`)

/** Fills the disk until writing fails, gives the space back, and sees the service return by itself. */
async function fillAndEmpty(disk: SmallDisk, traffic: Traffic): Promise<void> {
  traffic.start()
  await traffic.progress(20)
  // Postgres keeps some room in files that it has: again and again, until there is none
  await eventually('writes fail', async () => {
    disk.fill()
    await traffic.probe()
    return traffic.failures.length > 0
  })
  // while it lasts, requests are answered, whatever the answer
  await traffic.probe()
  disk.empty()
  const ms = await traffic.recovered()
  console.log(`back after ${ms} ms; slowest request ${traffic.slowestMs} ms`)
  await traffic.progress(20)
  await traffic.stop()
  expect(traffic.failures.every(({ status }) => status === 503)).toBe(true)
  traffic.expectHonestFailures()
  await traffic.expectNothingLost()
}

test.skipIf(impossible)(title('the disk of our own Postgres is full for a while'), async () => {
  using disk = new SmallDisk(160)
  await using server = await ConfiguredServer.start({ data: disk.folder })
  await using traffic = await Traffic.of(server.url, { writers: 3, readers: 1 })
  const began = performance.now()
  await fillAndEmpty(disk, traffic)
  expect(server.output).toMatch(/No space left on device/)
  // many requests were refused, and a few lines say why: some at first, then one in ten seconds
  const lines = server.output.split('\n').filter((line) => line.includes('No space left'))
  expect(lines.length).toBeLessThan(10 + (performance.now() - began) / 5_000)
})

test.skipIf(impossible)(title('our own Postgres dies while its disk is full'), async () => {
  using disk = new SmallDisk(160)
  await using server = await ConfiguredServer.start({ data: disk.folder })
  await using traffic = await Traffic.of(server.url, { writers: 3, readers: 1 })
  traffic.start()
  await traffic.progress(20)
  disk.fill()
  const [, pid] = /^pids .*postgres=(\d+)/m.exec(server.output) ?? []
  process.kill(Number(pid), 'SIGKILL')
  // whether it can start on a full disk depends on what it was doing
  await eventually('a new start', () => /Postgres (does not start|runs again)/.test(server.output))
  await traffic.probe()
  disk.empty()
  console.log(`back after ${await traffic.recovered()} ms`)
  await traffic.progress(20)
  await traffic.stop()
  traffic.expectHonestFailures()
  await traffic.expectNothingLost()
  expect(server.output).toContain('Postgres ended unexpectedly')
})

test.skipIf(impossible)(
  title('tables can grow no more: the database says so and stays'),
  async () => {
    using disk = new SmallDisk(8)
    await using postgres = await OwnPostgres.create()
    await postgres.tablespace('small', disk.folder)
    await using server = await ConfiguredServer.start({ databaseUrl: postgres.url() })
    await using traffic = await Traffic.of(server.url, { writers: 3, readers: 1 })
    await postgres.query('ALTER TABLE events SET TABLESPACE small')
    await fillAndEmpty(disk, traffic)
    expect(server.output).toMatch(/No space left on device/)
  },
)
