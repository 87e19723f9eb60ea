import { Socket } from 'node:net'
import { Client, type Notification } from 'pg'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import { asUnavailable, DatabaseUnavailable, isConnectionError } from './errors.ts'
import { runNamed } from './named-query.ts'
import { SILENCE_MS, SilenceWatch, STATEMENT_TIMEOUT_MS } from './silence-watch.ts'
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
  /** How long a connection may owe an answer before it is taken for dead. Default 15,000. */
  readonly silenceMs?: number
  /** Runs first on every new connection, the first included: LISTEN, SET. */
  readonly onConnect?: (run: (text: string) => Promise<void>) => Promise<void>
  readonly onNotification?: (notification: Notification) => void
}

const FIRST_RETRY_MS = 25
const LAST_RETRY_MS = 2_000
const CONNECT_TIMEOUT_MS = 5_000

interface Link {
  readonly client: Client
  readonly socket: Socket
  readonly watch: SilenceWatch
}

/**
 * One connection that we own and that is never lent: queries are written to it without waiting
 * for the answers of earlier ones, and Postgres answers in order. For the hot single-statement
 * queries; a transaction must never be opened on it. After a lost connection it connects again
 * with back-off until it is closed.
 */
export class PipelinedClient implements AsyncDisposable {
  readonly #options: PipelinedClientOptions
  readonly #closing = new AbortController()
  #link: Link | undefined
  #connecting: Promise<void> | undefined

  constructor(options: PipelinedClientOptions) {
    this.#options = options
  }

  /** True while the connection stands. */
  get connected(): boolean {
    return this.#link !== undefined
  }

  /**
   * Connects for the first time, without retry; queries do it by themselves otherwise.
   * @throws the connection's error
   */
  async connect(): Promise<void> {
    if (this.#link === undefined) await this.#open()
  }

  /**
   * Runs one named statement.
   * @throws {DatabaseUnavailable} when the connection is lost or silent (`sent`: it may have been
   *   executed), does not return in time, or Postgres has no room or time for the statement;
   *   nothing is repeated by itself
   */
  async query<Row extends object>(statement: Statement, values: unknown[] = []): Promise<Row[]> {
    const link = this.#link ?? (await this.#reconnected())
    link.watch.sent()
    try {
      return await runNamed<Row>(link.client, statement, values)
    } catch (error) {
      // Postgres announces its end before the socket closes: send nothing more here
      if (isConnectionError(error)) this.#lost(link)
      throw asUnavailable(error, true)
    } finally {
      link.watch.heard()
    }
  }

  /** Cuts the connection and makes a new one, which may lead to another server; what was sent is lost. */
  renew(): void {
    if (this.#link !== undefined) this.#lost(this.#link)
  }

  /** Ends the connection after the answers of all sent queries. */
  async close(): Promise<void> {
    this.#closing.abort()
    const link = this.#link
    this.#link = undefined
    await link?.client.end()
    link?.watch[Symbol.dispose]()
    await this.#connecting
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #open(): Promise<void> {
    const { url, applicationName, clock, onConnect, onNotification } = this.#options
    const socket = new Socket()
    const client = new Client({
      connectionString: url,
      application_name: applicationName,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      keepAlive: true,
      pipeline: true,
      stream: () => socket,
      types: resultTypes,
    })
    const silenceMs = this.#options.silenceMs ?? SILENCE_MS
    const watch = new SilenceWatch(clock, () => this.#silent(link), silenceMs)
    const link = { client, socket, watch }
    client.on('error', () => this.#lost(link))
    client.on('end', () => this.#lost(link))
    if (onNotification !== undefined) client.on('notification', onNotification)
    try {
      await client.connect()
      watch.sent()
      await onConnect?.(async (text) => void (await client.query(text)))
      watch.heard()
      this.#closing.signal.throwIfAborted()
    } catch (error) {
      discard(link)
      throw error
    }
    this.#link = link
  }

  #silent(link: Link): void {
    this.#options.logger.warn(
      { connection: this.#options.applicationName },
      'a database connection does not answer, giving it up',
    )
    this.#lost(link)
    discard(link)
  }

  #lost(link: Link): void {
    if (this.#link !== link) return
    this.#link = undefined
    this.#options.logger.warn(
      { connection: this.#options.applicationName },
      'lost a database connection, connecting again',
    )
    discard(link)
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

  async #reconnected(): Promise<Link> {
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
    if (this.#link !== undefined) return this.#link
    throw new DatabaseUnavailable({ sent: false, cause: 'no connection' })
  }
}

/** Its unanswered queries fail. A farewell would wait for their answers, which may never come. */
function discard({ client, socket, watch }: Link): void {
  watch[Symbol.dispose]()
  void client.end()
  socket.destroy()
}
