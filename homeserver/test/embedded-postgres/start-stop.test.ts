import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { systemHost } from '#platform/host.ts'
import { emptyFolder, query, restarted, usedFolder } from './scratch.ts'

// processes and initdb on a busy machine
vi.setConfig({ testTimeout: 60_000 })

test('a first start makes a database on loopback that wants its password, in UTF-8 and durable', async () => {
  await using scratch = await emptyFolder()
  await using postgres = await scratch.start()
  const settings = await query(
    postgres.url,
    `SELECT current_setting('listen_addresses') AS listen, current_setting('fsync') AS fsync,
      current_setting('synchronous_commit') AS sync, current_setting('full_page_writes') AS pages,
      current_setting('server_encoding') AS encoding, current_setting('data_checksums') AS sums,
      lower('ÄÖ') AS lower, ('a' < 'B') AS icu`,
  )
  expect(settings).toEqual([
    {
      listen: '127.0.0.1',
      fsync: 'on',
      sync: 'on',
      pages: 'on',
      encoding: 'UTF8',
      sums: 'on',
      lower: 'äö',
      icu: false,
    },
  ])
  const wrong = new URL(postgres.url)
  wrong.password = 'guess'
  await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow(/password authentication failed/)
  const secret = await stat(join(scratch.data, 'postgres', 'connection.json'))
  expect(secret.mode & 0o777).toBe(0o600)
})

test('stopping ends the process, keeps the data and the port', async () => {
  await using scratch = await usedFolder()
  const first = await scratch.start()
  await query(first.url, 'CREATE TABLE kept (id int)')
  const { postmasterPid } = first
  await first.stop()
  await first.stop()
  expect(systemHost.alive(postmasterPid)).toBe(false)
  await using second = await scratch.start()
  expect(second.url).toBe(first.url)
  expect(await query(second.url, 'SELECT count(*)::int AS n FROM kept')).toEqual([{ n: 0 }])
})

test('a port that something else took is replaced', async () => {
  await using scratch = await usedFolder()
  const first = await scratch.start()
  await first.stop()
  const squatter = createServer()
  const { port } = new URL(first.url)
  await new Promise<void>((resolve) => squatter.listen(Number(port), '127.0.0.1', resolve))
  await using second = await scratch.start()
  expect(new URL(second.url).port).not.toBe(port)
  expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  squatter.close()
})

test('a stale postmaster.pid that names a living stranger is removed', async () => {
  await using scratch = await usedFolder()
  const first = await scratch.start()
  await first.stop()
  const stale = `${process.pid}\n${first.folder}\n1\n5432\n\n127.0.0.1\n  1 1\nready   \n`
  await writeFile(join(first.folder, 'postmaster.pid'), stale)
  await using second = await scratch.start()
  expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
})

test('a start that was killed while it made the database begins anew', async () => {
  await using scratch = await usedFolder()
  const first = await scratch.start()
  await first.stop()
  const home = join(first.folder, '..')
  await rename(first.folder, join(home, 'unfinished-1'))
  await mkdir(join(home, 'unfinished-2'))
  await using second = await scratch.start()
  expect(await query(second.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  await expect(stat(join(home, 'unfinished-1'))).rejects.toThrow(/ENOENT/)
})

test('a database of another major version is refused with a sentence', async () => {
  await using scratch = await usedFolder()
  const first = await scratch.start()
  await first.stop()
  await writeFile(join(first.folder, 'PG_VERSION'), '17\n')
  await expect(scratch.start()).rejects.toThrow(
    /made by Postgres 17; this Hearth brings Postgres 18/,
  )
})

test('a damaged connection file is refused with a sentence', async () => {
  await using scratch = await usedFolder()
  const first = await scratch.start()
  await first.stop()
  await writeFile(join(scratch.data, 'postgres/connection.json'), '{"user":')
  await expect(scratch.start()).rejects.toThrow(/connection\.json is damaged/)
})

test('Postgres killed alone is started again under the same address, and nothing committed is lost', async () => {
  await using scratch = await usedFolder()
  await using postgres = await scratch.start()
  await query(postgres.url, 'CREATE TABLE kept AS SELECT 7 AS n')
  const { url, postmasterPid } = postgres
  let exits = 0
  postgres.onExit(() => exits++)
  await restarted(postgres, () => process.kill(postmasterPid, 'SIGKILL'))
  expect(postgres.postmasterPid).not.toBe(postmasterPid)
  expect(postgres.url).toBe(url)
  expect(await query(url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
  expect(exits).toBe(1)
  const held = await readFile(join(postgres.folder, 'postmaster.pid'), 'utf8')
  expect(Number.parseInt(held, 10)).toBe(postgres.postmasterPid)
})
