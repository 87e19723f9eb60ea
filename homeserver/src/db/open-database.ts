import { resolve } from 'node:path'
import type { Config } from '#config/schema/config.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import { createDb } from './db.ts'
import { runningUrl, startEmbedded, type EmbeddedPostgres } from './embedded/embedded.ts'
import { connectionsOf } from './pool-size.ts'
import { prepareDatabase } from './prepare.ts'

export interface OpenOptions {
  readonly config: Pick<Config, 'data' | 'database' | 'server_name' | 'workers'>
  readonly testMode: boolean
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  /** For commands beside a running server: use the Postgres that it started instead of refusing. */
  readonly share?: boolean
}

/** A migrated database that belongs to this server. */
export interface OpenDatabase extends AsyncDisposable {
  readonly url: string
  /** Names of the migrations that ran now. */
  readonly migrated: readonly string[]
  /** Our own Postgres; undefined when the database is somebody else's process. */
  readonly embedded: EmbeddedPostgres | undefined
}

/**
 * Reaches the configured Postgres, or starts our own, checks that the database is this server's
 * and migrates it.
 * @throws {DatabaseRefused} with a sentence for the operator
 */
export async function openDatabase(options: OpenOptions): Promise<OpenDatabase> {
  const external = options.config.database?.url ?? (await sharedUrl(options))
  const embedded =
    external === undefined
      ? await startEmbedded({ ...options, data: resolve(options.config.data) })
      : undefined
  const url = external ?? embedded?.url
  if (url === undefined) throw new TypeError('no database')
  try {
    const migrated = await prepare(url, options)
    return { url, migrated, embedded, [Symbol.asyncDispose]: async () => await embedded?.stop() }
  } catch (error) {
    await embedded?.stop()
    throw error
  }
}

async function sharedUrl(options: OpenOptions): Promise<string | undefined> {
  return options.share === true ? await runningUrl(options.config.data) : undefined
}

async function prepare(url: string, options: OpenOptions): Promise<string[]> {
  const db = createDb({
    url,
    logger: options.logger,
    size: 2,
    applicationName: 'hearth migrate',
    patient: true,
  })
  try {
    return await prepareDatabase(db, {
      serverName: options.config.server_name,
      testMode: options.testMode,
      clock: options.clock,
      connections: connectionsOf(options.config),
      // our own Postgres runs as it should; tests choose to risk their data
      ...(options.config.database !== undefined && { logger: options.logger }),
    })
  } finally {
    await db.destroy()
  }
}
