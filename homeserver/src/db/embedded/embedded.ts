import { chmod, mkdir, realpath, stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Clock } from '#platform/clock.ts'
import { systemHost, type Host } from '#platform/host.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import { findBinaries } from './binaries.ts'
import { ensureCluster, type FillCluster } from './cluster.ts'
import {
  connectionUrl,
  postgresFolder,
  readConnection,
  writeConnection,
} from './connection-file.ts'
import { isLocked, lockDataFolder } from './data-lock.ts'
import { locate } from './layout.ts'
import { clearOrphan } from './orphan.ts'
import { freePort } from './ports.ts'
import { Postmaster, StartFailed, type PostmasterOptions } from './postmaster.ts'
import { Supervisor } from './supervisor.ts'

export interface EmbeddedOptions {
  /** The data folder; made when absent. */
  readonly data: string
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  readonly host?: Host
  /** For root only: where what Postgres's user can't reach lies instead. Default /var/lib/hearth. */
  readonly elsewhere?: string
  /** False: nothing is flushed, so a power cut may destroy the database. For throw-away tests only. */
  readonly durable?: boolean
  /**
   * Takes the cluster from a backup into an empty data folder. The folder can't be started in another
   * way before {@link finishRestore}. The caller holds the folder, by {@link claimDataFolder}.
   */
  readonly restore?: {
    readonly user: string
    readonly password: string
    readonly fill: FillCluster
  }
}

/** A real Postgres that runs as our child process and is restarted when it dies. */
export interface EmbeddedPostgres extends AsyncDisposable {
  /** Connection URL on loopback; stays the same across restarts. */
  readonly url: string
  /** Where the database lies. */
  readonly folder: string
  readonly postmasterPid: number
  /** Calls back each time Postgres ended unexpectedly; it is restarted without the caller's doing. */
  onExit(listener: () => void): void
  /** Calls back each time it runs again, with a new process id. */
  onRestart(listener: () => void): void
  /** Stops it cleanly and releases the data folder. */
  stop(): Promise<void>
}

const lockPath = (data: string) => join(postgresFolder(data), 'hearth.pid')

/**
 * Makes a data folder and claims it for this process.
 * @returns releases the claim
 * @throws {DatabaseRefused} while another Hearth runs on the folder
 */
export async function claimDataFolder(path: string, host = systemHost) {
  return await lockDataFolder(lockPath(await makeDataFolder(path, host)), host)
}

const keepClaim = async (): Promise<void> => {}

/**
 * Starts the Postgres of a data folder, making it on first use and recovering whatever a killed
 * Hearth left behind.
 * @throws {DatabaseRefused} when another Hearth runs on the folder, or the machine can't run it
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const { host = systemHost, clock, logger } = options
  const data = await makeDataFolder(options.data, host)
  const held = options.restore !== undefined
  const unlock = held ? keepClaim : await lockDataFolder(lockPath(data), host)
  try {
    const elsewhere = options.elsewhere ?? '/var/lib/hearth'
    const layout = await locate({ ...options, data, elsewhere, host, restored: options.restore })
    const { account, user, password } = layout
    if (account !== undefined) logger.info({ user: account.name }, 'we are root; Postgres runs as')
    const binaries = await findBinaries(host, { account, copies: elsewhere })
    const durable = options.durable ?? true
    const fill = options.restore?.fill
    const cluster = await ensureCluster(layout, binaries, { host, durable, fill })
    await clearOrphan(cluster, { host, clock, logger })
    const base = { binaries, cluster, account, durable, host, clock, logger }
    const { postmaster, port } = await startOnFreePort(base, layout.port)
    if (port !== layout.port) {
      const known = await readConnection(data)
      await writeConnection(data, { ...known, user, password, port })
    }
    const restart = async () => {
      await clearOrphan(cluster, { host, clock, logger })
      return await startPatiently({ ...base, port })
    }
    const supervisor = new Supervisor(postmaster, restart, { clock, logger })
    const stop = async () => {
      await supervisor.stop()
      await unlock()
    }
    return {
      url: connectionUrl({ user, password, port }),
      folder: cluster,
      get postmasterPid() {
        return supervisor.pid
      },
      onExit: (listener) => void supervisor.on('exit', listener),
      onRestart: (listener) => void supervisor.on('restart', listener),
      stop,
      [Symbol.asyncDispose]: stop,
    }
  } catch (error) {
    await unlock()
    throw error
  }
}

/**
 * The URL of the Postgres that a running Hearth keeps for this data folder.
 * @returns undefined when no Hearth runs on it
 */
export async function runningUrl(data: string, host = systemHost): Promise<string | undefined> {
  const folder = resolve(data)
  if (!(await isLocked(lockPath(folder), host))) return undefined
  const known = await readConnection(folder)
  if (known?.port === undefined) return undefined
  return connectionUrl({ ...known, port: known.port })
}

/** Marks a restored data folder as complete: from now on it starts like any other. */
export async function finishRestore(data: string): Promise<void> {
  const known = await readConnection(data)
  if (known === undefined) throw new TypeError('nothing was restored')
  const { restoring: _done, ...connection } = known
  await writeConnection(data, connection)
}

/**
 * As root the data folder lets others pass, not list or read: Postgres's user must get to its part.
 * Folders above it are not ours to change.
 */
async function makeDataFolder(path: string, host: Host): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 })
  const data = await realpath(path)
  const { uid, mode } = await stat(data)
  if (host.uid === 0 && uid === 0 && (mode & 0o001) === 0) await chmod(data, (mode & 0o777) | 0o011)
  await mkdir(postgresFolder(data), { recursive: true, mode: 0o700 })
  return data
}

const PORT_ATTEMPTS = 5

async function startOnFreePort(
  options: Omit<PostmasterOptions, 'port'>,
  remembered: number | undefined,
): Promise<{ postmaster: Postmaster; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(attempt === 1 ? remembered : undefined)
    try {
      return { postmaster: await startPatiently({ ...options, port }), port }
    } catch (error) {
      // somebody may take the port between our look and Postgres's bind
      const again = error instanceof StartFailed && error.portTaken && attempt < PORT_ATTEMPTS
      if (!again) throw error
    }
  }
}

const ENDING_PATIENCE_MS = 10_000
const ENDING_RETRY_MS = 50

/** Waits for the processes of a killed postmaster to end: the new one refuses to start beside them. */
async function startPatiently(options: PostmasterOptions): Promise<Postmaster> {
  const deadline = options.clock.monotonic() + ENDING_PATIENCE_MS
  for (;;) {
    try {
      return await Postmaster.start(options)
    } catch (error) {
      const wait = error instanceof StartFailed && error.stillEnding
      if (!wait || options.clock.monotonic() > deadline) throw error
      await options.clock.sleep(ENDING_RETRY_MS)
    }
  }
}
