import { availableParallelism } from 'node:os'
import { Pool, type PoolClient } from 'pg'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import type { Logger } from '#platform/logger.ts'
import { asUnavailable, isConnectionError } from './errors.ts'
import { SILENCE_MS, STATEMENT_TIMEOUT_MS } from './silence-watch.ts'
import { resultTypes } from './types.ts'

export interface PoolOptions {
  readonly url: string
  readonly logger: Logger
  /** Most connections at a time. Default: twice the cores. */
  readonly size?: number
  /** What `pg_stat_activity` shows. */
  readonly applicationName?: string
  /** For migrations and the like: statements may take as long as they need. */
  readonly patient?: boolean
}

/** For a new connection, or for one that others have to give back first, as on a crowded server. */
const CONNECT_TIMEOUT_MS = SILENCE_MS
const IDLE_CONNECTION_MS = 60_000
const IDLE_IN_TRANSACTION_MS = 60_000

/** The pool behind Kysely. Its connections are made on demand and again after Postgres restarted. */
export function createPool(options: PoolOptions): PostgresPool {
  const pool = new Pool({
    connectionString: options.url,
    max: options.size ?? availableParallelism() * 2,
    application_name: options.applicationName ?? 'hearth',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_CONNECTION_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    // the second one is ours, for a network that swallows the answer
    ...(options.patient !== true && {
      statement_timeout: STATEMENT_TIMEOUT_MS,
      query_timeout: SILENCE_MS,
    }),
    keepAlive: true,
    types: resultTypes,
  })
  // A lent client that breaks between two queries emits an error that nobody else listens to.
  pool.on('connect', (client) => client.on('error', () => {}))
  pool.on('error', (error) => {
    if (pool.ending) return
    options.logger.warn({ error: error.message }, 'an idle database connection broke')
  })
  return {
    options: pool.options,
    end: () => pool.end(),
    async connect() {
      try {
        return guarded(await pool.connect())
      } catch (error) {
        throw asUnavailable(error, false)
      }
    },
  }
}

const guards = new WeakMap<PoolClient, PostgresPoolClient>()

/** Kysely keeps data per client object, so a client keeps its guard for life. */
function guarded(client: PoolClient): PostgresPoolClient {
  let guard = guards.get(client)
  if (guard === undefined) {
    // Kysely's type also asks for cursors, which it uses only when the dialect is given a cursor class
    guard = new GuardedClient(client) as unknown as PostgresPoolClient
    guards.set(client, guard)
  }
  return guard
}

/** Turns the many faces of a lost connection into one error, and never returns a broken client. */
class GuardedClient {
  readonly #client: PoolClient
  #broken = false

  constructor(client: PoolClient) {
    this.#client = client
  }

  async query(sql: string, parameters: unknown[]) {
    try {
      return await this.#client.query(sql, parameters)
    } catch (error) {
      this.#broken ||= isConnectionError(error)
      throw asUnavailable(error, true)
    }
  }

  release(destroy = false) {
    this.#client.release(destroy || this.#broken)
  }
}
