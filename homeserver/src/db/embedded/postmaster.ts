import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Clock } from '#platform/clock.ts'
import type { Host } from '#platform/host.ts'
import type { Logger } from '#platform/logger.ts'
import type { Account } from './account.ts'
import { runProgram, spawnOptions } from './run-program.ts'
import type { Binaries } from './binaries.ts'
import { PostgresComplaints } from './postgres-complaints.ts'
import { postgresArguments } from './settings.ts'

export interface PostmasterOptions {
  readonly binaries: Binaries
  readonly cluster: string
  readonly port: number
  readonly account: Account | undefined
  readonly durable: boolean
  readonly host: Host
  readonly clock: Clock
  readonly logger: Logger
}

/** Postgres ended before it accepted connections; `output` is what it said. */
export class StartFailed extends Error {
  readonly output: string

  constructor(output: string) {
    super(`Postgres did not start: ${output}`)
    this.name = 'StartFailed'
    this.output = output
  }

  get portTaken(): boolean {
    return /could not bind|could not create any TCP\/IP sockets/i.test(this.output)
  }

  /** Processes of a killed Postgres are still on their way out. */
  get stillEnding(): boolean {
    return /shared memory block .* is still in use|lock file "postmaster\.pid" already exists/is.test(
      this.output,
    )
  }
}

const READY = 'database system is ready to accept connections'
/** What each way of stopping gets before the harder one, in milliseconds. */
const FAST_STOP_MS = 60_000
const HARD_STOP_MS = 5_000
const REMEMBERED_LINES = 12

/** One running postmaster process, our child. */
export class Postmaster {
  readonly pid: number
  /** Resolves when the process has ended. */
  readonly ended: Promise<void>
  readonly #child: ChildProcess
  readonly #options: PostmasterOptions

  private constructor(child: ChildProcess, pid: number, options: PostmasterOptions) {
    this.#child = child
    this.#options = options
    this.pid = pid
    this.ended = new Promise((resolve) => child.once('exit', () => resolve()))
  }

  /**
   * Starts Postgres and waits until it accepts connections, however long recovery takes.
   * @throws {StartFailed}
   */
  static async start(options: PostmasterOptions): Promise<Postmaster> {
    const { binaries, account, host, logger, clock } = options
    const complaints = new PostgresComplaints(logger, clock)
    const args = postgresArguments(options)
    // A process group of its own: Ctrl-C in a terminal must reach Hearth alone, which then stops it
    const child = spawn(binaries.postgres, args, {
      ...spawnOptions(binaries.postgres, account, host),
      detached: host.platform !== 'win32',
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const lines: string[] = []
    const ready = new Promise<void>((resolve, reject) => {
      createInterface({ input: child.stderr }).on('line', (line) => {
        lines.push(line)
        if (lines.length > REMEMBERED_LINES) lines.shift()
        logger.debug({ postgres: line }, 'postgres')
        complaints.note(line)
        if (line.includes(READY)) resolve()
      })
      child.once('error', reject)
      child.once('close', () => reject(new StartFailed(lines.join('\n'))))
    })
    await ready
    if (child.pid === undefined) throw new StartFailed('it has no process id')
    return new Postmaster(child, child.pid, options)
  }

  /** Fast shutdown: open transactions are rolled back, the data is written out, connections end. */
  async stop(): Promise<void> {
    if (await this.#end('SIGINT', FAST_STOP_MS)) return
    this.#options.logger.warn({ pid: this.pid }, 'Postgres does not stop, stopping it hard')
    if (await this.#end('SIGQUIT', HARD_STOP_MS)) return
    this.#child.kill('SIGKILL')
    await this.ended
  }

  async #end(signal: 'SIGINT' | 'SIGQUIT', patience: number): Promise<boolean> {
    await this.#signal(signal)
    const enough = new AbortController()
    const inTime = await Promise.race([
      this.ended.then(() => true),
      this.#options.clock.sleep(patience, enough.signal).then(() => false),
    ])
    enough.abort()
    return inTime
  }

  async #signal(signal: 'SIGINT' | 'SIGQUIT'): Promise<void> {
    const { host, binaries, cluster, account } = this.#options
    if (host.platform !== 'win32') {
      this.#child.kill(signal)
      return
    }
    // Windows has no signals: any kill would be a crash
    const mode = signal === 'SIGINT' ? 'fast' : 'immediate'
    await runProgram(binaries.pgCtl, ['stop', '-D', cluster, '-m', mode], { account, host })
  }
}
