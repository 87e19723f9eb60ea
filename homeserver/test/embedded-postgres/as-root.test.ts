import { cp, readFile, readdir, rename, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test, vi } from 'vitest'
import { emptyFolder, query } from './scratch.ts'

// processes and initdb on a busy machine
vi.setConfig({ testTimeout: 60_000 })

describe.skipIf(process.getuid?.() !== 0)('as root', () => {
  test('Postgres runs as another user, inside a data folder that it can reach', async () => {
    await using scratch = await emptyFolder()
    await using postgres = await scratch.start()
    const status = await readFile(`/proc/${postgres.postmasterPid}/status`, 'utf8')
    expect(/^Uid:\s+(\d+)/m.exec(status)?.[1]).not.toBe('0')
    expect(postgres.folder).toBe(join(scratch.data, 'postgres/cluster'))
    expect((await stat(postgres.folder)).mode & 0o777).toBe(0o700)
  })

  test('below a folder of mode 0700 the database lies elsewhere, and is found again', async () => {
    await using scratch = await emptyFolder(0o700)
    const first = await scratch.start()
    expect(first.folder.startsWith(scratch.elsewhere)).toBe(true)
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n')
    await first.stop()
    await using second = await scratch.start()
    expect(second.folder).toBe(first.folder)
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
  })

  test('a copy of such a data folder does not touch the database of the original', async () => {
    await using scratch = await emptyFolder(0o700)
    await using original = await scratch.start()
    await using other = await emptyFolder(0o700)
    await cp(join(scratch.data, 'postgres'), join(other.data, 'postgres'), { recursive: true })
    await expect(other.start()).rejects.toThrow(/belongs to another data folder/)
    expect(await query(original.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }])
  })

  test('a moved data folder with its database inside just works', async () => {
    await using scratch = await emptyFolder()
    await using other = await emptyFolder()
    const first = await scratch.start()
    await query(first.url, 'CREATE TABLE kept AS SELECT 7 AS n')
    await first.stop()
    await rename(join(scratch.data, 'postgres'), join(other.data, 'postgres'))
    await using second = await other.start()
    expect(await query(second.url, 'SELECT n FROM kept')).toEqual([{ n: 7 }])
    expect(await readdir(scratch.data)).toEqual([])
  })
})
