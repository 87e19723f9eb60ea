import { Client } from 'pg'
import { isConnectionError } from '#db/errors.ts'
import { runNamed } from '#db/named-query.ts'
import type { Statement } from '#db/pipelined-client.ts'
import { resultTypes } from '#db/types.ts'
import type { Clock } from '#platform/clock.ts'
import { PLANNER_SETTINGS, type Reader } from '../read/connections.ts'

const CONNECT_TIMEOUT_MS = 5_000
/** Longer than any statement may take on the server: beyond it the connection is taken for dead. */
const SILENCE_MS = 15_000

/** Which server process a connection talks to; the start time tells it from a later one with the same pid. */
export interface Backend {
  readonly pid: number
  readonly started: string
}

/** The outcome of what was sent is unknown: the connection broke first. */
export class ConnectionLost extends Error {
  constructor(cause: unknown) {
    super('the connection to the database was lost', { cause })
    this.name = 'ConnectionLost'
  }
}

/** One connection for writing, one statement at a time. Once broken it stays so. */
export class WriterConnection implements Reader {
  readonly #client: Client
  readonly #clock: Clock
  readonly backend: Backend
  #lost = false
  #waiting: { readonly since: number; readonly giveUp: () => void } | undefined
  #stopWatch: (() => void) | undefined

  private constructor(client: Client, clock: Clock, backend: Backend) {
    this.#client = client
    this.#clock = clock
    this.backend = backend
    client.on('end', () => {
      this.#lost = true
    })
  }

  /** @throws the connection's error */
  static async open(url: string, applicationName: string, clock: Clock): Promise<WriterConnection> {
    const client = new Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      lock_timeout: 5_000,
      statement_timeout: 10_000,
      keepAlive: true,
      types: resultTypes,
    })
    // queries report it too; without a listener it would end the process
    client.on('error', () => undefined)
    try {
      await client.connect()
      await client.query(PLANNER_SETTINGS)
      const { rows } = await client.query<Backend>(
        `SELECT pid, extract(epoch FROM backend_start)::text AS started
         FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
      )
      const backend = rows[0]
      if (backend === undefined) throw new TypeError('the server does not show its own backend')
      return new WriterConnection(client, clock, backend)
    } catch (error) {
      void client.end().catch(() => undefined)
      throw error
    }
  }

  get isOpen(): boolean {
    return !this.#lost
  }

  /**
   * @throws {ConnectionLost} when the connection breaks or says nothing for 15 s
   */
  async query<Row extends object>(statement: Statement, values: unknown[] = []): Promise<Row[]> {
    if (this.#lost) throw new ConnectionLost('closed')
    try {
      return await this.#watched(runNamed<Row>(this.#client, statement, values))
    } catch (error) {
      if (!(error instanceof ConnectionLost) && !isConnectionError(error)) throw error
      this.#lost = true
      void this.close()
      throw error instanceof ConnectionLost ? error : new ConnectionLost(error)
    } finally {
      this.#waiting = undefined
    }
  }

  /** Rejects when the answer takes too long. One timer serves all statements of the connection. */
  #watched<Row>(answer: Promise<Row[]>): Promise<Row[]> {
    return new Promise((resolve, reject) => {
      const giveUp = () => reject(new ConnectionLost('silent'))
      this.#waiting = { since: this.#clock.monotonic(), giveUp }
      this.#stopWatch ??= this.#clock.after(SILENCE_MS, () => this.#watch())
      answer.then(resolve, reject)
    })
  }

  #watch(): void {
    this.#stopWatch = undefined
    if (this.#waiting === undefined) return
    const left = this.#waiting.since + SILENCE_MS - this.#clock.monotonic()
    if (left <= 0) this.#waiting.giveUp()
    else this.#stopWatch = this.#clock.after(left, () => this.#watch())
  }

  async close(): Promise<void> {
    this.#lost = true
    this.#stopWatch?.()
    this.#stopWatch = undefined
    await this.#client.end().catch(() => undefined)
  }
}
