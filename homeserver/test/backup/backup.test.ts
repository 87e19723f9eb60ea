import { mkdirSync, writeFileSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { requireRoom } from '#backup/places.ts'
import { parseServerName } from '#matrix/ids.ts'
import { runHearth } from '../cli/run-hearth.ts'
import { query } from '../embedded-postgres/scratch.ts'
import { edit, savedServer, SERVER_NAME } from './saved.ts'

// processes and initdb on a busy machine
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 })

let saved: Awaited<ReturnType<typeof savedServer>>
beforeAll(async () => {
  saved = await savedServer()
  await mkdir(join(saved.place('data'), 'media/ab'), { recursive: true })
  await writeFile(join(saved.place('data'), 'media/ab/picture'), 'a picture')
  await writeFile(saved.place('homeserver.yaml'), `server_name: ${SERVER_NAME}\n`)
  await saved.save('good', { configFile: saved.place('homeserver.yaml') })
})
afterAll(() => saved[Symbol.asyncDispose]())

describe('a backup of a stopped server', () => {
  test('is for us alone, and says what it is', async () => {
    const folder = saved.place('good')
    expect((await stat(folder)).mode & 0o777).toBe(0o700)
    for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
      const { mode } = await stat(join(entry.parentPath, entry.name))
      expect(mode & 0o777).toBe(entry.isDirectory() ? 0o700 : 0o600)
    }
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'manifest.json'), 'utf8'))
    expect(manifest).toMatchObject({ server_name: SERVER_NAME, test_stamp: false })
    expect(await readdir(join(folder, 'cluster/pg_replslot'))).toEqual([])
    expect(await readdir(join(folder, 'cluster'))).not.toContain('postmaster.pid')
  })

  test('is restored with key, files and configuration, on a new timeline, and starts again', async () => {
    const lines: number[] = []
    const { manifest, configFile } = await saved.restore('good', 'whole', {
      onProgress: (done, total) => lines.push(done / total),
    })
    expect(lines.at(-1)).toBeGreaterThan(0.999)
    expect(lines).toEqual(lines.toSorted((a, b) => a - b))
    for (const name of ['signing.key', 'media/ab/picture']) {
      const original = await readFile(join(saved.place('data'), name), 'utf8')
      expect(await readFile(join(saved.place('whole'), name), 'utf8')).toBe(original)
    }
    expect(await readFile(configFile ?? '', 'utf8')).toContain(SERVER_NAME)
    await using database = await saved.open('whole')
    const [row] = await query(
      database.url,
      `SELECT system_identifier::text AS id, left(pg_walfile_name(pg_current_wal_lsn()), 8) AS line
        FROM pg_control_system()`,
    )
    expect(row).toEqual({ id: manifest.postgres.system_identifier, line: '00000002' })
  })

  test('two restores of it begin different epochs', async () => {
    await using first = await restoredStream('one')
    await using second = await restoredStream('two')
    expect(first.stream['tag']).not.toBe(second.stream['tag'])
    expect(first.stream['timeline']).toBe(second.stream['timeline'])
  })

  async function restoredStream(name: string) {
    // a history that tokens were given out of
    const source = await usedBackup()
    await saved.restore(source, name)
    const database = await saved.open(name)
    const [stream = {}] = await query(database.url, 'SELECT tag, timeline FROM stream')
    return { stream, [Symbol.asyncDispose]: () => database[Symbol.asyncDispose]() }
  }

  let used: Promise<string> | undefined
  function usedBackup(): Promise<string> {
    used ??= (async () => {
      const database = await saved.open('data')
      await query(database.url, 'SELECT hs_check_epoch()')
      await database[Symbol.asyncDispose]()
      await saved.save('used')
      return 'used'
    })()
    return used
  }
})

describe('a backup is refused', () => {
  test('by the command with one sentence and exit code 1', async () => {
    const ended = await runHearth(['backup', 'there', '--data', 'nothing'], {
      cwd: saved.place('.'),
    })
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(
      /^hearth backup: There is no database in \S+: nothing to back up\.\n$/,
    )
  })

  test('over what is there', async () => {
    await expect(saved.save('good')).rejects.toThrow(/is not empty; a backup never replaces/)
  })

  test('inside the data folder', async () => {
    await expect(saved.save('data/backup')).rejects.toThrow(/lies in the data folder itself/)
  })

  test('while another one is under way', async () => {
    await mkdir(saved.place('twice.partial'))
    await expect(saved.save('twice')).rejects.toThrow(/another backup is under way/)
  })

  test('without a database', async () => {
    const config = saved.configOf('nothing')
    await expect(saved.save('none', { config })).rejects.toThrow(/no database in .*nothing/)
    expect(await readdir(saved.place('.'))).not.toContain('nothing')
  })

  test('of a Postgres of its own, naming the document that tells how', async () => {
    const config = { ...saved.configOf('data'), database: { url: 'postgres://x@localhost/x' } }
    await expect(saved.save('none', { config })).rejects.toThrow(/docs\/BACKUP\.md/)
    await expect(saved.restore('good', 'none', { config })).rejects.toThrow(/docs\/BACKUP\.md/)
  })

  test('where the disk has no room', async () => {
    await expect(requireRoom(saved.place('good'), 2 ** 60)).rejects.toThrow(
      /has room for .*; 1152922 TB are needed/,
    )
    await requireRoom(saved.place('good'), 1)
  })

  test('when interrupted, leaving nothing behind', async () => {
    const interrupted = new AbortController()
    const onProgress = () => interrupted.abort(new Error('enough'))
    const half = saved.save('half', { signal: interrupted.signal, onProgress })
    await expect(half).rejects.toThrow('enough')
    const names = await readdir(saved.place('.'))
    expect(names.filter((name) => name.startsWith('half'))).toEqual([])
  })
})

describe('a restore is refused', () => {
  test.each<[string, (folder: string) => Promise<void>, RegExp]>([
    [
      'with a changed file',
      (folder) => edit(join(folder, 'signing.key'), (text) => text.replace('ed', 'de')),
      /damaged: the content of signing\.key has changed/,
    ],
    [
      'with a short file',
      (folder) => truncate(join(folder, 'cluster/global/pg_control'), 100),
      /damaged: cluster\/global\/pg_control has 100 bytes instead of 8192/,
    ],
    [
      'with a file missing',
      (folder) => rm(join(folder, 'data/media/ab/picture')),
      /damaged: data\/media\/ab\/picture is missing/,
    ],
    [
      'of a half backup',
      (folder) => rm(join(folder, 'manifest.json')),
      /holds no complete backup: it has no manifest\.json/,
    ],
    [
      'with a broken manifest',
      (folder) => truncate(join(folder, 'manifest.json'), 500),
      /its manifest\.json is broken/,
    ],
    [
      'with a manifest that reaches outside the folder',
      (folder) =>
        edit(join(folder, 'manifest.json'), (text) =>
          text.replace('data/media/ab/picture', '../../etc/passwd'),
        ),
      /its manifest\.json is broken/,
    ],
    [
      'of a newer format',
      (folder) =>
        edit(join(folder, 'manifest.json'), (text) => text.replace('"format": 1', '"format": 2')),
      /a newer Hearth in a format that this one does not know/,
    ],
    [
      'of a newer database',
      (folder) =>
        edit(join(folder, 'manifest.json'), (text) => text.replace('"compat": 1', '"compat": 900')),
      /needs a server that knows version 900; this one knows/,
    ],
    [
      'of another Postgres',
      (folder) =>
        edit(join(folder, 'manifest.json'), (text) =>
          text.replace('"version": "18', '"version": "21'),
        ),
      /made by Postgres 21; this Hearth brings Postgres 18/,
    ],
  ])('%s', async (title, damage, sentence) => {
    const name = title.replaceAll(' ', '-')
    await damage(await saved.copy('good', name))
    await expect(saved.restore(name, 'empty')).rejects.toThrow(sentence)
    expect(await readdir(saved.place('.'))).not.toContain('empty')
  })

  test('where there is no backup', async () => {
    await expect(saved.restore('nowhere', 'empty')).rejects.toThrow(/There is no backup in/)
  })

  test('into a folder with content', async () => {
    const before = await readdir(saved.place('data'))
    await expect(saved.restore('good', 'data')).rejects.toThrow(/is not empty; a restore never/)
    expect(await readdir(saved.place('data'))).toEqual(before)
  })

  test('into a folder that another process claims meanwhile, whose content stays', async () => {
    const claim = join(saved.place('claimed'), 'postgres/hearth.pid')
    const config = {
      ...saved.configOf('claimed'),
      // read once the folder was found to be empty
      get signing_key_file() {
        mkdirSync(dirname(claim), { recursive: true })
        writeFileSync(claim, `${process.ppid} \n`)
        return saved.place('claimed.key')
      },
    }
    await expect(saved.restore('good', 'claimed', { config })).rejects.toThrow(/Another Hearth/)
    expect(await readFile(claim, 'utf8')).toBe(`${process.ppid} \n`)
  })

  test('into a folder that another process has filled meanwhile', async () => {
    const file = join(saved.place('filled'), 'theirs')
    const config = {
      ...saved.configOf('filled'),
      get signing_key_file() {
        mkdirSync(dirname(file), { recursive: true })
        writeFileSync(file, '')
        return saved.place('filled.key')
      },
    }
    await expect(saved.restore('good', 'filled', { config })).rejects.toThrow(/Something else/)
    expect(await readdir(saved.place('filled'))).toContain('theirs')
  })

  test('for another server name', async () => {
    const config = { ...saved.configOf('empty'), server_name: parseServerName('other.example') }
    await expect(saved.restore('good', 'empty', { config })).rejects.toThrow(
      /belongs to the server name "saved.example", the configuration says "other.example"/,
    )
  })

  test("over another server's signing key", async () => {
    const config = { ...saved.configOf('empty'), signing_key_file: saved.place('other.key') }
    await writeFile(config.signing_key_file, 'ed25519 a_1 AAAA\n')
    await expect(saved.restore('good', 'empty', { config })).rejects.toThrow(
      /holds another signing key/,
    )
  })

  test('when Postgres cannot recover it, leaving the folder empty', async () => {
    const folder = await saved.copy('good', 'unrecoverable')
    const wal = (await readdir(join(folder, 'cluster/pg_wal'))).find((name) => name.startsWith('0'))
    const path = `cluster/pg_wal/${wal}`
    const { size } = await stat(join(folder, path))
    await writeFile(join(folder, path), Buffer.alloc(size))
    await forge(folder, path)
    await mkdir(saved.place('still-empty'))
    await expect(saved.restore('unrecoverable', 'still-empty')).rejects.toThrow(/cannot recover/)
    expect(await readdir(saved.place('still-empty'))).toEqual([])
  })

  test('when interrupted; the folder does not start before it is restored again', async () => {
    const interrupted = new AbortController()
    const onProgress = () => interrupted.abort(new Error('enough'))
    const options = { signal: interrupted.signal, onProgress }
    await expect(saved.restore('good', 'again', options)).rejects.toThrow('enough')
    await saved.restore('good', 'again')
    // as if it had been killed before the end
    const connection = join(saved.place('again'), 'postgres/connection.json')
    await edit(connection, (text) => text.replace('{', '{"restoring":true,'))
    await expect(saved.open('again')).rejects.toThrow(/was not completed\. Empty the folder/)
  })
})

/** Makes the manifest agree with a changed file. */
async function forge(folder: string, path: string): Promise<void> {
  const { createHash } = await import('node:crypto')
  const sha256 = createHash('sha256')
    .update(await readFile(join(folder, path)))
    .digest('hex')
  await edit(join(folder, 'manifest.json'), (text) => {
    const at = text.indexOf(`"${path}"`)
    return text.slice(0, at) + text.slice(at).replace(/"sha256": "\w+"/, `"sha256": "${sha256}"`)
  })
}
