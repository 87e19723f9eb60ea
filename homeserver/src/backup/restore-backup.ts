import { appendFile, mkdir, readdir, readFile, rm, rmdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { Config } from '#config/schema/config.ts'
import { postgresFolder, readConnection } from '#db/embedded/connection-file.ts'
import { claimDataFolder, finishRestore, startEmbedded } from '#db/embedded/embedded.ts'
import { StartFailed } from '#db/embedded/postmaster.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import { BackupRefused, explainFullDisk, hasCode } from './errors.ts'
import { LAYOUT, type Manifest } from './manifest.ts'
import { isEmpty, realPlace, requireRoom } from './places.ts'
import { Progress, type OnProgress } from './progress.ts'
import { openNewEpoch, type NewEpoch } from './restored-database.ts'
import { verifyBackup } from './verify-backup.ts'
import { unpack } from './unpack.ts'

export interface RestoreOptions {
  readonly config: Pick<Config, 'data' | 'database' | 'server_name' | 'signing_key_file'>
  /** False: there is no configuration file, so the server name is the backup's to say. */
  readonly isConfigured: boolean
  /** The backup. */
  readonly source: string
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  readonly signal: AbortSignal
  readonly onProgress?: OnProgress
}

export interface RestoreResult {
  readonly manifest: Manifest
  readonly epoch: NewEpoch
  /** Where the saved configuration was put, when there is one. */
  readonly configFile: string | undefined
}

const credentialsSchema = z.strictObject({ user: z.string(), password: z.string() })

/**
 * Puts a backup into an empty data folder and lets Postgres recover it, on a new timeline, so that the
 * log begins a new epoch. What fails leaves the folder empty again.
 * @throws {BackupRefused} or {DatabaseRefused} with a sentence
 */
export async function restoreBackup(options: RestoreOptions): Promise<RestoreResult> {
  const { config } = options
  if (config.database !== undefined) {
    throw new BackupRefused(
      'The configuration names a Postgres server of its own, whose own tools restore it: see docs/BACKUP.md.',
    )
  }
  const source = await realPlace(options.source)
  const data = await realPlace(config.data)
  const manifest = await verifyBackup(source, options)
  if (!(await isEmpty(data))) {
    throw new BackupRefused(`${data} is not empty; a restore never replaces anything.`)
  }
  const takesKey = await wantsKey(config.signing_key_file, source)
  await mkdir(data, { recursive: true, mode: 0o700 })
  const bytes = manifest.files.reduce((sum, { size }) => sum + size, 0)
  await requireRoom(data, bytes)
  const progress = new Progress(options.onProgress)
  progress.expect(bytes)
  const release = await claimDataFolder(data)
  try {
    if (!(await isOnlyClaimed(data)))
      throw new BackupRefused(`Something else was put into ${data}.`)
  } catch (error) {
    await release()
    throw error
  }
  let result: RestoreResult
  try {
    result = await restore({ ...options, source, data, manifest, progress, takesKey })
  } catch (error) {
    await emptyAgain(data, release)
    throw explain(error, data)
  }
  await release()
  return result
}

type Job = RestoreOptions & {
  readonly data: string
  readonly manifest: Manifest
  readonly progress: Progress
  readonly takesKey: boolean
}

async function restore(job: Job): Promise<RestoreResult> {
  const { source, data, manifest, config, progress, signal } = job
  const copying = { signal, onBytes: (count: number) => progress.add(count) }
  const take = (below: string, target: string) =>
    unpack({ manifest, source, below, target, job: copying })
  const fill = async (folder: string) => {
    await take(LAYOUT.cluster, folder)
    await requestRecovery(folder)
  }
  let epoch: NewEpoch
  {
    const { user, password } = await readCredentials(source)
    const restored = { user, password, fill }
    await using postgres = await startEmbedded({ ...job, data, restore: restored })
    epoch = await openNewEpoch(postgres.url, manifest)
    await take(LAYOUT.data, data)
  }
  if (job.takesKey) await take(LAYOUT.signingKey, config.signing_key_file)
  const configFile = join(data, 'homeserver.yaml')
  const hasConfig =
    manifest.files.some(({ path }) => path === LAYOUT.config) &&
    !manifest.files.some(({ path }) => path === `${LAYOUT.data}/homeserver.yaml`)
  if (hasConfig) await take(LAYOUT.config, configFile)
  await finishRestore(data)
  return { manifest, epoch, configFile: hasConfig ? configFile : undefined }
}

/**
 * Recovery replays what the copy brought along, then begins a new timeline. Postgres asks for a command
 * that fetches more of the write-ahead log: there is no more.
 */
async function requestRecovery(cluster: string): Promise<void> {
  await writeFile(join(cluster, 'recovery.signal'), '', { mode: 0o600, flush: true })
  await appendFile(join(cluster, 'postgresql.auto.conf'), `restore_command = 'exit 1'\n`, {
    mode: 0o600,
    flush: true,
  })
}

async function readCredentials(source: string): Promise<{ user: string; password: string }> {
  return credentialsSchema.parse(
    parseJson(await readFile(join(source, LAYOUT.credentials), 'utf8')),
  )
}

/**
 * The signing key may belong outside the data folder, and another server's must not be replaced.
 * @returns true when it has to be put in place
 */
async function wantsKey(file: string, source: string): Promise<boolean> {
  const there = await readFile(file, 'utf8').catch((error: unknown) => {
    if (!hasCode(error, 'ENOENT')) throw error
  })
  if (there === undefined) return true
  if (there === (await readFile(join(source, LAYOUT.signingKey), 'utf8'))) return false
  throw new BackupRefused(
    `${file} holds another signing key than the backup. Move it away, or correct signing_key_file.`,
  )
}

/** Files of the claim, ours and of those who try it meanwhile. */
const isClaim = (name: string) => name.startsWith('hearth.pid')

/** Nobody filled the folder between our first look and our claim. */
async function isOnlyClaimed(data: string): Promise<boolean> {
  if ((await readdir(data)).some((name) => join(data, name) !== postgresFolder(data))) return false
  return (await readdir(postgresFolder(data))).every(isClaim)
}

/**
 * Empties a folder that this process has claimed, and then lets go of it. The folder itself stays: it
 * may be a mount point, or somebody else's to own.
 */
async function emptyAgain(data: string, release: () => Promise<void>): Promise<void> {
  const postgres = postgresFolder(data)
  const known = await readConnection(data).catch(() => undefined)
  if (known?.elsewhere !== undefined) await rm(known.elsewhere, { recursive: true, force: true })
  const inside = (await readdir(postgres)).filter((name) => !isClaim(name))
  for (const name of inside) await rm(join(postgres, name), { recursive: true })
  const others = (await readdir(data)).filter((name) => join(data, name) !== postgres)
  for (const name of others) await rm(join(data, name), { recursive: true })
  await release()
  await rmdir(postgres).catch((error: unknown) => {
    // the next one has claimed it already
    if (!hasCode(error, 'ENOTEMPTY')) throw error
  })
}

function explain(error: unknown, data: string): unknown {
  if (!(error instanceof StartFailed)) return explainFullDisk(error, data)
  return new BackupRefused(
    'Postgres cannot recover the database of this backup; nothing was put in place.',
    error,
  )
}
