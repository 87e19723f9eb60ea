import { cp, mkdtemp, chmod, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createBackup } from '#backup/create-backup.ts'
import { restoreBackup } from '#backup/restore-backup.ts'
import { openDatabase } from '#db/open-database.ts'
import { parseServerName } from '#matrix/ids.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { readOrMakeSigningKey } from '#platform/signing-key-file.ts'
import { systemRng as rng } from '#platform/rng.ts'
import { testFolder } from '../../../spec-tests/target/test-folder.ts'

const tools = { clock, rng, logger: createLogger('silent') }
export const SERVER_NAME = parseServerName('saved.example')

/** A stopped server's data folder, and one good backup of it. */
export async function savedServer() {
  const scratch = await mkdtemp(join(testFolder(), 'hearth-saved-'))
  await chmod(scratch, 0o711)
  const place = (name: string) => join(scratch, name)
  const configOf = (name: string) => ({
    data: place(name),
    server_name: SERVER_NAME,
    signing_key_file: join(place(name), 'signing.key'),
    database: undefined,
    workers: 1,
  })
  const open = (name: string) => openDatabase({ ...tools, config: configOf(name), testMode: false })
  await (await open('data'))[Symbol.asyncDispose]()
  await readOrMakeSigningKey(configOf('data').signing_key_file, rng)
  const save = (name: string, options: Partial<Parameters<typeof createBackup>[0]> = {}) =>
    createBackup({
      ...tools,
      config: configOf('data'),
      configFile: undefined,
      target: place(name),
      signal: new AbortController().signal,
      ...options,
    })
  return {
    place,
    configOf,
    open,
    save,
    restore: (
      source: string,
      data: string,
      options: Partial<Parameters<typeof restoreBackup>[0]> = {},
    ) =>
      restoreBackup({
        ...tools,
        config: configOf(data),
        isConfigured: true,
        source: place(source),
        signal: new AbortController().signal,
        ...options,
      }),
    /** A copy of a backup, to be damaged. */
    async copy(source: string, target: string) {
      await cp(place(source), place(target), { recursive: true })
      return place(target)
    },
    [Symbol.asyncDispose]: () => rm(scratch, { recursive: true, force: true, maxRetries: 3 }),
  }
}

/** Changes the text of a file. */
export async function edit(path: string, change: (text: string) => string): Promise<void> {
  await writeFile(path, change(await readFile(path, 'latin1')), 'latin1')
}
