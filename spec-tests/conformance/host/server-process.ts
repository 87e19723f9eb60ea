import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, mkdirSync, openSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join, resolve } from 'node:path'
import { pause } from '../../target/pause.ts'
import { PROGRAM } from './program.ts'

const ROOT = resolve(import.meta.dirname, '../../..')
const COMPILE_CACHE = join(ROOT, 'node_modules/.cache/hearth/compile')
const STOP_MS = 15_000
const START_MS = 120_000
const ATTEMPT_MS = 20

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
  readonly #port: number

  constructor(place: Place) {
    const { folder, serverName } = place
    this.#port = place.port
    const file = join(folder, 'config.yaml')
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, configuration(place))
    const log = openSync(logFile(folder), 'a')
    // this program runs on the same Node as the server
    this.#child = spawn(process.execPath, [PROGRAM, 'serve', '--config', file], {
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

  /**
   * Waits until it takes connections, so that a slow start on a busy machine is no failure of a test.
   * Gives up when it ends before or takes two minutes.
   */
  async listening(): Promise<void> {
    const begun = Date.now()
    while (this.isRunning && Date.now() - begun < START_MS && !(await accepts(this.#port))) {
      await pause(ATTEMPT_MS)
    }
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

function accepts(port: number): Promise<boolean> {
  return new Promise((told) => {
    const socket = connect(port, '127.0.0.1')
    const end = (accepted: boolean) => () => {
      socket.destroy()
      told(accepted)
    }
    socket.once('connect', end(true)).once('error', end(false))
  })
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
    // suites mention people in the text, as clients did until Matrix v1.16
    push: { legacy_mentions: true },
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
