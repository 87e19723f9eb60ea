import { Client } from 'pg'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import { SOLE_WORKER_LOCK } from './functions/locks.ts'

const CONNECT_TIMEOUT_MS = 5_000
const QUERY_TIMEOUT_MS = 10_000
/** How often a worker tries to become the one, and the one looks whether it still is. */
const EVERY_MS = 20_000

/** Without these a host that lost its power would hold the lock for hours. */
const KEEPALIVES =
  'SET tcp_keepalives_idle = 10; SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3'

/**
 * Names one of a database's workers for what one should do: sweeping, counting. The name hangs on a
 * connection of its own, direct, not through a pooler: when the worker dies Postgres gives it to
 * another. For a moment two may think they have it, so what they do must bear that.
 */
export class SoleWorker implements AsyncDisposable {
  readonly #deps: { readonly url: string; readonly clock: Clock; readonly logger: Logger }
  #client: Client | undefined
  #stopTimer: (() => void) | undefined
  #looking: Promise<void> | undefined
  #isClosed = false

  constructor(deps: { readonly url: string; readonly clock: Clock; readonly logger: Logger }) {
    this.#deps = deps
  }

  /** True while this worker is the one. */
  get isSole(): boolean {
    return this.#client !== undefined
  }

  /** Looks every 20 seconds from now on. */
  start(): void {
    this.#stopTimer = this.#deps.clock.after(EVERY_MS, () => {
      void this.look().finally(() => {
        if (!this.#isClosed) this.start()
      })
    })
  }

  /** Becomes the one if nobody is, or makes sure of it. Never throws. */
  async look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    await this.#looking
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true
    this.#stopTimer?.()
    await this.#looking
    await this.#drop(this.#client)
  }

  async #look(): Promise<void> {
    const held = this.#client
    try {
      if (held === undefined) await this.#take()
      else await held.query('SELECT 1')
    } catch (error) {
      this.#deps.logger.debug({ err: error }, 'it is not known who the sole worker is')
      await this.#drop(held)
    }
  }

  async #take(): Promise<void> {
    const client = new Client({
      connectionString: this.#deps.url,
      application_name: 'hearth sole',
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      query_timeout: QUERY_TIMEOUT_MS,
      keepAlive: true,
    })
    client.on('error', () => void this.#drop(client))
    client.on('end', () => void this.#drop(client))
    try {
      await client.connect()
      await client.query(KEEPALIVES)
      const { rows } = await client.query<{ taken: boolean }>(
        `SELECT pg_try_advisory_lock(${SOLE_WORKER_LOCK}) AS taken`,
      )
      if (rows[0]?.taken === true && !this.#isClosed) this.#client = client
    } finally {
      if (this.#client !== client) await this.#drop(client)
    }
  }

  async #drop(client: Client | undefined): Promise<void> {
    if (this.#client === client) this.#client = undefined
    await client?.end().catch(() => undefined)
  }
}
