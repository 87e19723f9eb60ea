import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'
import { afterAll } from 'vitest'
import { startEmbedded, type EmbeddedPostgres } from '#db/embedded/embedded.ts'
import { systemClock as clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { systemRng as rng } from '#platform/rng.ts'
import { testFolder } from '../../../spec-tests/target/test-folder.ts'

const logger = createLogger('silent')

const removals: (() => Promise<void>)[] = []
afterAll(async () => {
  for (const remove of removals) await remove()
})

/** A data folder that was started and stopped once; copying it is faster than initdb. */
let prepared: Promise<string> | undefined

async function prepare(): Promise<string> {
  const scratch = await emptyFolder(0o711)
  removals.push(() => scratch[Symbol.asyncDispose]())
  await (await scratch.start()).stop()
  return scratch.data
}

/** A data folder of its own for one test, started before; it goes when it is disposed. */
export async function usedFolder() {
  const scratch = await emptyFolder()
  const data = await (prepared ??= prepare())
  // owners matter, and Node's own copy does not keep them
  await promisify(execFile)('cp', ['-a', join(data, 'postgres'), scratch.data])
  return scratch
}

/** An empty data folder for one test, below a folder of the given mode. */
export async function emptyFolder(mode = 0o711) {
  const folder = await mkdtemp(join(testFolder(), 'hearth-embedded-'))
  await chmod(folder, mode)
  const elsewhere = await mkdtemp(join(tmpdir(), 'hearth-elsewhere-'))
  await chmod(elsewhere, 0o711)
  const data = join(folder, 'data')
  await mkdir(data)
  return {
    data,
    elsewhere,
    start: () => startEmbedded({ data, elsewhere, clock, rng, logger }),
    async [Symbol.asyncDispose]() {
      await rm(folder, { recursive: true, force: true, maxRetries: 3 })
      await rm(elsewhere, { recursive: true, force: true, maxRetries: 3 })
    },
  }
}

/** Runs one statement on a connection of its own. */
export async function query(url: string, text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url })
  // a server that is killed under us is what some tests are about
  client.on('error', () => undefined)
  await client.connect()
  try {
    const { rows } = await client.query<Record<string, unknown>>(text)
    return rows
  } finally {
    await client.end()
  }
}

/** Resolves once Postgres came back after a failure; `act` causes the failure. */
export async function restarted(postgres: EmbeddedPostgres, act: () => void): Promise<void> {
  const again = new Promise<void>((resolve) => postgres.onRestart(resolve))
  act()
  await again
}
