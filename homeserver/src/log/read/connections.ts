import { DatabaseUnavailable } from '#db/errors.ts'
import { PipelinedClient, type Statement } from '#db/pipelined-client.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'

/**
 * Statements are planned once for all values: with these, a plan made while a table was empty is
 * still right when it is large. A bitmap scan would read and sort a whole room for each of its pages.
 */
export const PLANNER_SETTINGS =
  'SET plan_cache_mode = force_generic_plan; SET enable_seqscan = off; ' +
  'SET enable_bitmapscan = off; SET enable_hashjoin = off; SET enable_mergejoin = off; SET jit = off'

/** A read that was lost sooner than this is sent again; after a long silence another would last as long. */
const AGAIN_WITHIN_MS = 5_000

/** Runs one named statement on any connection of a set. */
export interface Reader {
  query<Row extends object>(statement: Statement, values?: unknown[]): Promise<Row[]>
}

/**
 * A few pipelined connections for single-statement reads, used in turn: a slow statement holds up
 * only its own connection.
 */
export class ReadConnections implements Reader, AsyncDisposable {
  readonly #clients: readonly PipelinedClient[]
  readonly #clock: Clock
  #next = 0

  constructor(options: { url: string; count: number; clock: Clock; logger: Logger }) {
    this.#clock = options.clock
    this.#clients = Array.from(
      { length: options.count },
      () =>
        new PipelinedClient({
          url: options.url,
          applicationName: 'hearth read',
          clock: options.clock,
          logger: options.logger,
          onConnect: (run) => run(PLANNER_SETTINGS),
        }),
    )
  }

  /** @throws the first connection's error when the database can't be reached */
  async connect(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.connect()))
  }

  /**
   * Reads change nothing, so one that quickly lost its connection is sent again once.
   * @throws {DatabaseUnavailable} when the database stays away
   */
  async query<Row extends object>(statement: Statement, values: unknown[] = []): Promise<Row[]> {
    const began = this.#clock.monotonic()
    try {
      return await this.#turn().query<Row>(statement, values)
    } catch (error) {
      if (!(error instanceof DatabaseUnavailable) || !error.sent) throw error
      if (this.#clock.monotonic() - began > AGAIN_WITHIN_MS) throw error
      return await this.#turn().query<Row>(statement, values)
    }
  }

  /** Cuts all connections and makes new ones, which may lead to another server. */
  renew(): void {
    for (const client of this.#clients) client.renew()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()))
  }

  #turn(): PipelinedClient {
    this.#next = (this.#next + 1) % this.#clients.length
    const client = this.#clients[this.#next]
    if (client === undefined) throw new RangeError('no read connections')
    return client
  }
}
