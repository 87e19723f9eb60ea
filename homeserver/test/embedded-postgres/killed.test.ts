import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { systemHost } from '#platform/host.ts'
import { HearthProcess } from './hearth-process.ts'
import { query, usedFolder } from './scratch.ts'

// processes and initdb on a busy machine
vi.setConfig({ testTimeout: 60_000 })

test('the Postgres that a killed server left is stopped, and its data is there', async () => {
  await using scratch = await usedFolder()
  const killed = new HearthProcess(scratch.data, scratch.elsewhere)
  const before = await killed.ready()
  await query(before.url, 'CREATE TABLE kept AS SELECT 7 AS n')
  await killed.end('SIGKILL')
  expect(systemHost.alive(before.postgresPid)).toBe(true)
  await using postgres = await scratch.start()
  expect(systemHost.alive(before.postgresPid)).toBe(false)
  expect(postgres.url).toBe(before.url)
  expect(await query(postgres.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
})

test('server and Postgres killed together recover, again and again', async () => {
  await using scratch = await usedFolder()
  for (let round = 1; round <= 3; round++) {
    const killed = new HearthProcess(scratch.data, scratch.elsewhere)
    const { url, postgresPid } = await killed.ready()
    await query(url, `CREATE TABLE kept_${round} (id int)`)
    process.kill(postgresPid, 'SIGKILL')
    await killed.end('SIGKILL')
  }
  await using postgres = await scratch.start()
  const tables = await query(postgres.url, "SELECT relname FROM pg_class WHERE relname ~ '^kept_'")
  expect(tables).toHaveLength(3)
})

test('two servers on one data folder: the second is refused, the first goes on', async () => {
  await using scratch = await usedFolder()
  const first = new HearthProcess(scratch.data, scratch.elsewhere)
  const { url, pid } = await first.ready()
  await expect(scratch.start()).rejects.toThrow(
    new RegExp(`Another Hearth \\(process ${pid}\\) already uses this data folder`),
  )
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  expect(await first.end('SIGTERM')).toBe(0)
})

test('of servers that start together on a folder that a crash left, one wins', async () => {
  await using scratch = await usedFolder()
  const killed = new HearthProcess(scratch.data, scratch.elsewhere)
  await killed.ready()
  await killed.end('SIGKILL')
  const racers = [1, 2, 3].map(() => new HearthProcess(scratch.data, scratch.elsewhere))
  const results = await Promise.allSettled(racers.map((racer) => racer.ready()))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  await Promise.all(racers.map((racer) => racer.end('SIGTERM')))
})

test('a lock whose process id now belongs to another program is stale', async () => {
  await using scratch = await usedFolder()
  await writeFile(join(scratch.data, 'postgres/hearth.pid'), `1 another-boot 42\n`)
  await using postgres = await scratch.start()
  expect(await query(postgres.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('SIGTERM stops server and Postgres with exit code 0', async () => {
  await using scratch = await usedFolder()
  const server = new HearthProcess(scratch.data, scratch.elsewhere)
  const { postgresPid } = await server.ready()
  expect(await server.end('SIGTERM')).toBe(0)
  expect(systemHost.alive(postgresPid)).toBe(false)
})

test('a further start accepts connections within 0.7 s (the best of three, for busy machines)', async () => {
  await using scratch = await usedFolder()
  let best = Infinity
  for (let round = 0; round < 3; round++) {
    const server = new HearthProcess(scratch.data, scratch.elsewhere)
    best = Math.min(best, (await server.ready()).milliseconds)
    await server.end('SIGTERM')
  }
  expect(best).toBeLessThan(700)
})
