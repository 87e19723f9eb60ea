import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { freePort } from './server.ts'

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..')

/** Parts of a configuration. */
export type Sections = Readonly<Record<string, Readonly<Record<string, unknown>>>>

export interface ConfiguredOptions {
  /** An external database; without it the server runs its own. */
  readonly databaseUrl?: string
  readonly data?: string
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
  /** False: the limits of a normal server. */
  readonly noRateLimits?: boolean
  /** The same for all servers over one database. Default: localhost and the port. */
  readonly serverName?: string
  readonly signingKeyFile?: string
  /** More of the configuration, by section. */
  readonly sections?: Sections
}

/** A server in test mode whose configuration a test has written itself. */
export class ConfiguredServer implements AsyncDisposable {
  readonly data: string
  readonly port: number
  readonly #child: ChildProcess
  readonly #ownsData: boolean
  readonly exited: Promise<number | null>
  #output = ''
  #pid: number | undefined

  private constructor(child: ChildProcess, data: string, port: number, ownsData: boolean) {
    this.#child = child
    this.data = data
    this.port = port
    this.#ownsData = ownsData
    this.exited = new Promise((done) => child.once('exit', (code) => done(code)))
  }

  /** @throws {Error} with the output when it ends before it is ready */
  static async start(options: ConfiguredOptions = {}): Promise<ConfiguredServer> {
    const data = options.data ?? mkdtempSync(join(tmpdir(), 'hearth-fault-'))
    const port = options.port ?? (await freePort())
    const file = join(data, 'fault-test.yaml')
    writeFileSync(file, configuration(port, data, options), { mode: 0o600 })
    const child = spawn(
      process.execPath,
      [join(root, 'homeserver/bin/hearth.mjs'), 'serve', '--config', file],
      {
        cwd: data,
        env: { ...process.env, HEARTH_UNSAFE_TEST_MODE: nameOf(port, options), ...options.env },
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    )
    const server = new ConfiguredServer(child, data, port, options.data === undefined)
    await server.#ready()
    return server
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** Everything the server has written so far. */
  get output(): string {
    return this.#output
  }

  /** The server's own process, below the launcher. */
  get pid(): number {
    if (this.#pid === undefined) throw new Error('The server has not said its pid.')
    return this.#pid
  }

  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null && this.#child.signalCode === null) {
      this.#child.kill('SIGTERM')
    }
    return await this.exited
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    if (this.#ownsData) rmSync(this.data, { recursive: true, force: true, maxRetries: 5 })
  }

  #ready(): Promise<void> {
    return new Promise((done, reject) => {
      const collect = (chunk: Buffer) => {
        this.#output += chunk.toString()
        const pids = /^pids server=(\d+) .*$/m.exec(this.#output)
        if (pids === null) return
        this.#pid ??= Number(pids[1])
        done()
      }
      this.#child.stdout?.on('data', collect)
      this.#child.stderr?.on('data', collect)
      void this.exited.then((code) => reject(new Error(`Ended with ${code}:\n${this.#output}`)))
    })
  }
}

function nameOf(port: number, options: ConfiguredOptions): string {
  return options.serverName ?? `localhost:${port}`
}

function configuration(port: number, data: string, options: ConfiguredOptions): string {
  // JSON is YAML
  return JSON.stringify({
    ...options.sections,
    server_name: nameOf(port, options),
    data,
    ...(options.signingKeyFile !== undefined && { signing_key_file: options.signingKeyFile }),
    http: { ...options.sections?.['http'], host: '127.0.0.1', port },
    logging: { level: 'info' },
    ...(options.databaseUrl !== undefined && { database: { url: options.databaseUrl } }),
    unsafe_test_mode: {
      confirm: `unsafe ${nameOf(port, options)}`,
      open_dummy_registration: true,
      no_rate_limits: options.noRateLimits ?? true,
      cheap_password_hash: true,
    },
  })
}
