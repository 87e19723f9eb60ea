import { availableParallelism } from 'node:os'
import type { Config } from '#config/schema/config.ts'

/** With fewer, a query that waits for a lock could hold up all others. */
const FEWEST = 2

/** Connections for ordinary queries of one worker: by default the workers share twice the cores. */
export function poolSize({ database, workers }: Pick<Config, 'database' | 'workers'>): number {
  if (database?.pool_size !== undefined) return database.pool_size
  return Math.max(FEWEST, Math.ceil((availableParallelism() * 2) / workers))
}

/** Writer, spare, listener, three readers and the sole worker's: what each worker has beside its pool. */
const LOG_CONNECTIONS = 7

/** Most connections of all workers of this machine. */
export function connectionsOf(config: Pick<Config, 'database' | 'workers'>): number {
  return config.workers * (poolSize(config) + LOG_CONNECTIONS)
}
