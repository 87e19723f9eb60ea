import { openDatabase } from '#db/open-database.ts'
import { readOrMakeSigningKey } from '#platform/signing-key-file.ts'
import { announce } from './announce.ts'
import { listenFor } from './listen-for.ts'
import type { Settings } from './settings.ts'
import { WorkerPool } from './worker-pool.ts'
import { WorkerProcess } from './worker-process.ts'

/**
 * Serves with several processes. This one has the database, the listening socket and the signals;
 * it answers nothing itself.
 * @param args the command line, which the workers read as well
 * @returns the exit code
 */
export async function serveByWorkers(
  settings: Settings,
  args: readonly string[],
  stop: Promise<number>,
): Promise<number> {
  const { config, clock, logger } = settings
  await using database = await openDatabase(settings)
  // workers that find none would each make one
  await readOrMakeSigningKey(config.signing_key_file, settings.rng)
  let printPids = () => {}
  const pool = new WorkerPool(config.workers, {
    clock,
    logger,
    spawn: () => new WorkerProcess(args, { databaseUrl: database.url, clock }),
    onReplaced: () => printPids(),
  })
  try {
    const { setupToken } = await pool.start()
    const listener = await listenFor(pool, config.http, logger)
    const servers = () => [process.pid, ...pool.pids]
    printPids = announce({ url: listener.url, setupToken, settings, database, servers })
    const code = await stop
    listener.close()
    return (await pool.stop()) ? code : 1
  } catch (error) {
    await pool.stop()
    throw error
  }
}
