import { Client, type Notification } from 'pg'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import { DatabaseUnavailable, isConnectionError } from './errors.ts'
import { runNamed } from './named-query.ts'
import { resultTypes } from './types.ts'

/** A statement that Postgres parses once per connection; the name stands for the text for ever. */
export interface Statement {
  readonly name: string
  readonly text: string
}

export interface PipelinedClientOptions {
  readonly url: string
  readonly applicationName: string
  readonly clock: Clock
  readonly logger: Logger
  /** How long a query waits for a lost connection to return, in milliseconds. Default 5000. */
  readonly patienceMs?: number
  /** Runs first on every new connection, the first included: LISTEN, SET. */
  readonly onConnect?: (run: (text: string) => Promise<void>) => Promise<void>
  readonly onNotification?: (notification: Notification) => void
}

const FIRST_RETRY_MS = 25
const LAST_RETRY_MS = 2_000
const CONNECT_TIMEOUT_MS = 5_000

/**
 * One connection that we own and that is never lent: queries are written to it without waiting
 * for the answers of earlier ones, and Postgres answers in order. For the hot single-statement
 * queries; a transaction must never be opened on it. After a lost connection it connects again
 * with back-off until it is closed.
 */
export class PipelinedClient implements AsyncDisposable {
  readonly #options: PipelinedClientOptions
  readonly #closing = new AbortController()
  #client: Client | undefined
  #connecting: Promise<void> | undefined

  constructor(options: PipelinedClientOptions) {
    this.#options = options
  }

  /** True while the connection stands. */
  get connected(): boolean {
    return this.#client !== undefined
  }

  /**
   * Connects for the first time, without retry; queries do it by themselves otherwise.
   * @throws the connection's error
   */
  async connect(): Promise<void> {
    if (this.#client === undefined) await this.#open()
  }

  /**
   * Runs one named statement.
   * @throws {DatabaseUnavailable} when the connection is lost (`sent`: it may have been executed)
   *   or does not return in time; nothing is repeated by itself
   */
  async query<Row extends object>(statement: Statement, values: unknown[] = []): Promise<Row[]> {
    const client = this.#client ?? (await this.#reconnected())
    try {
      return await runNamed<Row>(client, statement, values)
    } catch (error) {
      if (!isConnectionError(error)) throw error
      // Postgres announces its end before the socket closes: send nothing more here
      this.#lost(client)
      throw new DatabaseUnavailable({ sent: true, cause: error })
    }
  }

  /** Ends the connection after the answers of all sent queries. */
  async close(): Promise<void> {
    this.#closing.abort()
    const client = this.#client
    this.#client = undefined
    await client?.end()
    await this.#connecting
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #open(): Promise<void> {
    const { url, applicationName, onConnect, onNotification } = this.#options
    const client = new Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      keepAlive: true,
      pipeline: true,
      types: resultTypes,
    })
    client.on('error', () => this.#lost(client))
    client.on('end', () => this.#lost(client))
    if (onNotification !== undefined) client.on('notification', onNotification)
    try {
      await client.connect()
      await onConnect?.(async (text) => void (await client.query(text)))
      this.#closing.signal.throwIfAborted()
    } catch (error) {
      await client.end()
      throw error
    }
    this.#client = client
  }

  #lost(client: Client): void {
    if (this.#client !== client) return
    this.#client = undefined
    this.#options.logger.warn(
      { connection: this.#options.applicationName },
      'lost a database connection, connecting again',
    )
    void client.end()
    this.#startReconnecting()
  }

  #startReconnecting(): void {
    this.#connecting ??= this.#reconnect().finally(() => {
      this.#connecting = undefined
    })
  }

  async #reconnect(): Promise<void> {
    const { clock, logger, applicationName } = this.#options
    const { signal } = this.#closing
    for (let delay = FIRST_RETRY_MS; !signal.aborted; delay = Math.min(delay * 2, LAST_RETRY_MS)) {
      try {
        await this.#open()
        logger.info({ connection: applicationName }, 'the database connection is back')
        return
      } catch (error) {
        logger.debug({ connection: applicationName, error }, 'no database connection yet')
        await clock.sleep(delay, signal)
      }
    }
  }

  async #reconnected(): Promise<Client> {
    if (!this.#closing.signal.aborted) {
      this.#startReconnecting()
      const enough = new AbortController()
      const patience = this.#options.clock.sleep(
        this.#options.patienceMs ?? CONNECT_TIMEOUT_MS,
        enough.signal,
      )
      await Promise.race([this.#connecting, patience])
      enough.abort()
    }
    if (this.#client !== undefined) return this.#client
    throw new DatabaseUnavailable({ sent: false, cause: 'no connection' })
  }
}
