import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Clock } from '#platform/clock.ts'
import type { Host } from '#platform/host.ts'
import type { Logger } from '#platform/logger.ts'
import { DatabaseRefused } from '../errors.ts'
import { readPostmasterPid } from './cluster.ts'

export interface OrphanOptions {
  readonly host: Host
  readonly clock: Clock
  readonly logger: Logger
}

/** Signals in order, each with the time the process has to end, in milliseconds. */
const ENDINGS = [
  ['SIGINT', 20_000],
  ['SIGQUIT', 5_000],
] as const

const POLL_MS = 10

/**
 * Clears what a killed Hearth left: stops a Postgres that still runs on the cluster (a fresh start
 * under our supervision is surer than adopting a process whose output and end nobody sees), and
 * removes a pid file whose number now belongs to another program. Call it with the data lock held.
 * @throws {DatabaseRefused} when the old Postgres does not end
 */
export async function clearOrphan(cluster: string, options: OrphanOptions): Promise<void> {
  const { host, logger } = options
  const pid = await readPostmasterPid(cluster)
  if (pid === undefined || !host.alive(pid)) return
  const command = host.commandLine(pid)
  // Windows tells no command line: there Postgres itself judges its pid file
  if (command === undefined) return
  if (!command.includes('postgres') || !command.includes(cluster)) {
    logger.info(
      { pid },
      'removing a stale postmaster.pid: the process id belongs to another program',
    )
    await rm(join(cluster, 'postmaster.pid'), { force: true })
    return
  }
  logger.info({ pid }, 'stopping the Postgres that an earlier Hearth left running')
  for (const [signal, patience] of ENDINGS) {
    host.signal(pid, signal)
    if (await hasEnded(pid, patience, options)) return
  }
  throw new DatabaseRefused(
    `A Postgres (process ${pid}) from an earlier run still uses ${cluster} and does not end. ` +
      `Stop it with "kill -9 ${pid}", then start again.`,
  )
}

async function hasEnded(pid: number, patience: number, options: OrphanOptions): Promise<boolean> {
  const { host, clock } = options
  const deadline = clock.monotonic() + patience
  while (host.alive(pid)) {
    if (clock.monotonic() > deadline) return false
    await clock.sleep(POLL_MS)
  }
  return true
}
