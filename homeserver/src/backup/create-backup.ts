import { mkdir, rename, rm } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import type { Config } from '#config/schema/config.ts'
import { postgresFolder, readConnection } from '#db/embedded/connection-file.ts'
import { runningUrl, startEmbedded } from '#db/embedded/embedded.ts'
import { isConnectionError } from '#db/errors.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import { BaseBackup } from './base-backup.ts'
import { copyCluster } from './copy-cluster.ts'
import { copyFile, writeNew, type CopyJob } from './copy.ts'
import { BackupRefused, explainFullDisk, hasCode } from './errors.ts'
import { LAYOUT, writeManifest, type BackupFile, type Manifest } from './manifest.ts'
import { isEmpty, isMountPoint, isWithin, realPlace, requireRoom } from './places.ts'
import { Progress, type OnProgress } from './progress.ts'
import { walk } from './tree.ts'

export interface BackupOptions {
  readonly config: Pick<Config, 'data' | 'database' | 'signing_key_file'>
  /** The configuration file, when there is one. */
  readonly configFile: string | undefined
  /** Where the backup is to lie; must not exist yet, or be an empty folder. */
  readonly target: string
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  readonly signal: AbortSignal
  readonly onProgress?: OnProgress
}

/** What was saved. */
export interface BackupResult {
  readonly manifest: Omit<Manifest, 'format'>
  readonly folder: string
  readonly bytes: number
}

/**
 * Copies the embedded database, while the server runs or not, with keys, configuration and files. The
 * copy appears under its name when it is complete.
 * @throws {BackupRefused} or {DatabaseRefused} with a sentence; then nothing is left behind
 */
export async function createBackup(options: BackupOptions): Promise<BackupResult> {
  const { config, clock } = options
  await requireEmbedded(config)
  const target = await realPlace(options.target)
  await requirePlace(target, await realPlace(config.data))
  const draft = `${target}.partial`
  await makeDraft(draft)
  const progress = new Progress(options.onProgress)
  const job: CopyJob = { signal: options.signal, onBytes: (count) => progress.add(count) }
  try {
    const cluster = await saveCluster(options, draft, job, progress)
    const rest = await saveFiles(options, draft, job, progress)
    const { facts, wal } = cluster
    const manifest = {
      made_ts: clock.now(),
      server_name: facts.server_name,
      test_stamp: facts.test_stamp,
      schema: { version: facts.version, compat: facts.compat },
      postgres: { version: facts.postgres, system_identifier: facts.system_identifier },
      wal: { start: wal.start, stop: wal.stop, timeline: wal.timeline },
      position: { tag: facts.tag, pos: facts.pos },
      folders: [...cluster.folders, ...rest.folders],
      files: [...cluster.files, ...rest.files],
    }
    await writeManifest(draft, manifest)
    options.signal.throwIfAborted()
    await rename(draft, target)
    return { manifest, folder: target, bytes: progress.done }
  } catch (error) {
    await rm(draft, { recursive: true, force: true })
    throw explain(error, target)
  }
}

function explain(error: unknown, target: string): unknown {
  if (!isConnectionError(error)) return explainFullDisk(error, target)
  return new BackupRefused('The database went away while it was copied; start again.', error)
}

async function requireEmbedded(config: BackupOptions['config']): Promise<void> {
  if (config.database !== undefined) {
    throw new BackupRefused(
      'The database is a Postgres server of its own, which its own tools back up: see docs/BACKUP.md.',
    )
  }
  if ((await readConnection(config.data)) !== undefined) return
  throw new BackupRefused(`There is no database in ${config.data}: nothing to back up.`)
}

async function requirePlace(target: string, data: string): Promise<void> {
  if (isWithin(target, data)) {
    throw new BackupRefused(
      `${target} lies in the data folder itself: what destroys the one destroys the other. ` +
        'Name a place outside, best on another disk.',
    )
  }
  if (!(await isEmpty(target))) {
    throw new BackupRefused(`${target} is not empty; a backup never replaces anything.`)
  }
  if (!(await isMountPoint(target))) return
  throw new BackupRefused(
    `${target} is a disk of its own, and a backup is put in place by renaming: name a folder in it.`,
  )
}

async function makeDraft(draft: string): Promise<void> {
  await mkdir(dirname(draft), { recursive: true })
  try {
    await mkdir(draft, { mode: 0o700 })
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error
    throw new BackupRefused(
      `${draft} is there: another backup is under way, or one was killed. In that case delete it.`,
    )
  }
}

/** Uses the Postgres of the running server, or starts it for the time being. */
async function saveCluster(
  options: BackupOptions,
  draft: string,
  job: CopyJob,
  progress: Progress,
) {
  const { data } = options.config
  await using stack = new AsyncDisposableStack()
  const url = (await runningUrl(data)) ?? stack.use(await startEmbedded({ ...options, data })).url
  const backup = stack.use(await BaseBackup.connect(url))
  await backup.facts()
  const saved = await copyCluster(backup, draft, job, progress)
  const { user, password } = (await readConnection(data)) ?? {}
  const credentials = `${JSON.stringify({ user, password })}\n`
  saved.files.push(await writeNew(draft, LAYOUT.credentials, credentials))
  return saved
}

/** The data folder beside the database, after it: a file that the database names must be there. */
async function saveFiles(
  options: BackupOptions,
  draft: string,
  job: CopyJob,
  progress: Progress,
): Promise<{ folders: string[]; files: BackupFile[] }> {
  const { config, configFile } = options
  const postgres = relative(config.data, postgresFolder(config.data))
  const tree = await walk(config.data, (path) => {
    // the key has a name of its own in the backup, wherever it lies
    const isOther = path !== postgres && join(config.data, path) !== config.signing_key_file
    return isOther ? 'take' : 'skip'
  })
  const bytes = tree.files.reduce((sum, { size }) => sum + size, 0)
  progress.expect(bytes)
  await requireRoom(draft, bytes)
  const wanted = tree.files.map(({ path }) => [join(config.data, path), `${LAYOUT.data}/${path}`])
  wanted.push([config.signing_key_file, LAYOUT.signingKey])
  if (configFile !== undefined) wanted.push([configFile, LAYOUT.config])
  const files: BackupFile[] = []
  for (const [from = '', path = ''] of wanted) {
    const copied = await copyFile(from, join(draft, path), job)
    if (copied !== undefined) files.push({ path, ...copied })
  }
  const folders = tree.folders.map((path) => `${LAYOUT.data}/${path}`)
  for (const folder of folders) await mkdir(join(draft, folder), { recursive: true, mode: 0o700 })
  return { folders, files }
}
