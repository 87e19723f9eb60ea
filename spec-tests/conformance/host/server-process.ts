import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(import.meta.dirname, '../../..')
const MAIN = join(ROOT, 'homeserver/src/main.ts')
const COMPILE_CACHE = join(ROOT, 'node_modules/.cache/hearth/compile')
const STOP_MS = 15_000

/** Where a server lies and what it is called. */
export interface Place {
  readonly folder: string
  readonly serverName: string
  readonly port: number
  readonly databaseUrl: string
}

/** The file with everything that the server has written. */
export const logFile = (folder: string): string => join(folder, 'server.log')

/** A Hearth in test mode. */
export class ServerProcess {
  readonly #child: ChildProcess
  readonly #exited: Promise<void>

  constructor(place: Place) {
    const { folder, serverName } = place
    const file = join(folder, 'config.yaml')
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, configuration(place))
    const log = openSync(logFile(folder), 'a')
    // this program runs on the same Node as the server
    this.#child = spawn(process.execPath, [MAIN, 'serve', '--config', file], {
      cwd: folder,
      stdio: ['ignore', log, log],
      env: {
        NODE_COMPILE_CACHE: COMPILE_CACHE,
        ...process.env,
        HEARTH_UNSAFE_TEST_MODE: serverName,
      },
    })
    closeSync(log)
    this.#exited = new Promise((done) => this.#child.once('exit', () => done()))
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** Asks it to end, and ends it when it does not. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    if (!this.isRunning) return
    this.#child.kill(signal)
    const late = setTimeout(() => this.#child.kill('SIGKILL'), STOP_MS)
    await this.#exited
    clearTimeout(late)
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal)
  }
}

/** Test mode, as for our own tests: nothing of it is for one suite. */
export function configuration({ folder, serverName, port, databaseUrl }: Place): string {
  // JSON is YAML
  return JSON.stringify({
    server_name: serverName,
    data: join(folder, 'data'),
    http: { host: '127.0.0.1', port, access_token_query: 'all' },
    logging: { level: 'info' },
    presence: { enabled: true },
    // suites give levels to a room's creator, whom version 12 allows none
    rooms: { default_room_version: '11' },
    database: { url: databaseUrl },
    unsafe_test_mode: {
      confirm: `unsafe ${serverName}`,
      open_dummy_registration: true,
      weak_shared_secret: 'complement',
      no_rate_limits: true,
      cheap_password_hash: true,
    },
  })
}
