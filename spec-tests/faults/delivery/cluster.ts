import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { OwnPostgres } from '../../target/own-postgres.ts'
import { freePort } from '../../target/server.ts'
import { pause } from '../../target/pause.ts'
import { ServerProcess } from './server-process.ts'
import type { Violations } from './violations.ts'

const SERVER_NAME = 'delivery.test'
const RECOVERY_ATTEMPTS = 100
const ATTEMPT_MS = 100

/** Several server processes over one Postgres. */
export class Cluster implements AsyncDisposable {
  readonly postgres: OwnPostgres
  readonly servers: ServerProcess[] = []
  readonly #folder: string
  readonly #violations: Violations

  private constructor(postgres: OwnPostgres, folder: string, violations: Violations) {
    this.postgres = postgres
    this.#folder = folder
    this.#violations = violations
  }

  static async start(processes: number, violations: Violations): Promise<Cluster> {
    const folder = mkdtempSync(join(tmpdir(), 'hearth-cluster-'))
    const cluster = new Cluster(await OwnPostgres.create(), folder, violations)
    try {
      // the first makes the tables and the key
      for (let n = 0; n < processes; n += 1) await cluster.join()
      return cluster
    } catch (error) {
      await cluster[Symbol.asyncDispose]()
      throw error
    }
  }

  /** One more server process. */
  async join(): Promise<void> {
    const data = join(this.#folder, String(this.servers.length + 1))
    mkdirSync(data, { mode: 0o700 })
    const server = new ServerProcess(
      {
        databaseUrl: this.postgres.url(),
        data,
        port: await freePort(),
        serverName: SERVER_NAME,
        signingKeyFile: join(this.#folder, 'signing.key'),
      },
      this.#violations,
    )
    await server.start()
    this.servers.push(server)
  }

  /** SIGKILL to the postmaster; its own processes end when they notice. Resolves when it is back. */
  async killPostgres(outageMs: number): Promise<void> {
    process.kill(this.#postmaster(), 'SIGKILL')
    await pause(outageMs)
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.postgres.start()
        return
      } catch (error) {
        // it refuses while processes of the killed one are still there
        if (attempt === RECOVERY_ATTEMPTS) throw error
        await pause(ATTEMPT_MS)
      }
    }
  }

  /**
   * Ends the server processes behind the connections that listen for notifications, or behind all.
   * @returns how many there were; none while Postgres is away
   */
  async cutConnections(which: 'listening' | 'all'): Promise<number> {
    const name = which === 'listening' ? 'hearth tail' : 'hearth%'
    try {
      const rows = await this.postgres.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name LIKE '${name}' AND pid <> pg_backend_pid()`,
      )
      return rows.length
    } catch {
      return 0
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.servers.map((server) => server.close()))
    await this.postgres[Symbol.asyncDispose]()
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 })
  }

  #postmaster(): number {
    const [line = ''] = readFileSync(join(this.postgres.cluster, 'postmaster.pid'), 'utf8').split(
      '\n',
    )
    return Number(line)
  }
}
