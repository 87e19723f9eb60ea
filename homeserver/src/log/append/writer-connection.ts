import { Socket } from 'node:net'
import { Client } from 'pg'
import { isConnectionError } from '#db/errors.ts'
import { runNamed } from '#db/named-query.ts'
import type { Statement } from '#db/pipelined-client.ts'
import { SILENCE_MS, SilenceWatch, STATEMENT_TIMEOUT_MS } from '#db/silence-watch.ts'
import { resultTypes } from '#db/types.ts'
import type { Clock } from '#platform/clock.ts'
import { PLANNER_SETTINGS, type Reader } from '../read/connections.ts'

const CONNECT_TIMEOUT_MS = 5_000
const FAREWELL_MS = 1_000

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
  readonly backend: Backend
  readonly #client: Client
  readonly #socket: Socket
  readonly #clock: Clock
  readonly #watch: SilenceWatch
  #lost = false

  private constructor(
    { client, socket, clock }: { client: Client; socket: Socket; clock: Clock },
    backend: Backend,
    silenceMs: number,
  ) {
    this.#client = client
    this.#socket = socket
    this.#clock = clock
    this.backend = backend
    // what was sent fails with the socket
    this.#watch = new SilenceWatch(clock, () => this.#cut(), silenceMs)
    client.on('end', () => {
      this.#lost = true
    })
  }

  /**
   * @param silenceMs how long it may owe an answer before it is taken for dead
   * @throws the connection's error
   */
  static async open(
    url: string,
    applicationName: string,
    clock: Clock,
    silenceMs = SILENCE_MS,
  ): Promise<WriterConnection> {
    const socket = new Socket()
    const client = new Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      lock_timeout: 5_000,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
      stream: () => socket,
      types: resultTypes,
    })
    // queries report it too; without a listener it would end the process
    client.on('error', () => undefined)
    const stopWaiting = clock.after(CONNECT_TIMEOUT_MS * 2, () => socket.destroy())
    try {
      await client.connect()
      await client.query(PLANNER_SETTINGS)
      const { rows } = await client.query<Backend>(
        `SELECT pid, extract(epoch FROM backend_start)::text AS started
         FROM pg_stat_activity WHERE pid = pg_backend_pid()`,
      )
      const backend = rows[0]
      if (backend === undefined) throw new TypeError('the server does not show its own backend')
      return new WriterConnection({ client, socket, clock }, backend, silenceMs)
    } catch (error) {
      void client.end().catch(() => undefined)
      socket.destroy()
      throw error
    } finally {
      stopWaiting()
    }
  }

  /** Calls back once when the connection is gone, whoever ended it. */
  onLost(callback: () => void): void {
    this.#client.once('end', callback)
  }

  get isOpen(): boolean {
    return !this.#lost
  }

  /**
   * @throws {ConnectionLost} when the connection breaks or says nothing for too long
   */
  async query<Row extends object>(statement: Statement, values: unknown[] = []): Promise<Row[]> {
    if (this.#lost) throw new ConnectionLost('closed')
    this.#watch.sent()
    try {
      return await runNamed<Row>(this.#client, statement, values)
    } catch (error) {
      if (!isConnectionError(error)) throw error
      this.#cut()
      throw new ConnectionLost(error)
    } finally {
      this.#watch.heard()
    }
  }

  /** Says farewell, but does not wait long for a network that swallows it. */
  async close(): Promise<void> {
    this.#watch[Symbol.dispose]()
    if (this.#lost) return this.#cut()
    this.#lost = true
    const stopWaiting = this.#clock.after(FAREWELL_MS, () => this.#socket.destroy())
    await this.#client.end().catch(() => undefined)
    stopWaiting()
  }

  #cut(): void {
    this.#lost = true
    this.#watch[Symbol.dispose]()
    void this.#client.end().catch(() => undefined)
    this.#socket.destroy()
  }
}
