import type { Cluster } from './cluster.ts'
import { pause } from '../../target/pause.ts'
import type { Rng } from './rng.ts'
import { schedule, type Fault, type Plan } from './schedule.ts'

/** What was done, for the report. */
export interface Injected {
  readonly kinds: readonly Fault['kind'][]
  /** Connections that were cut. */
  readonly cut: number
}

/**
 * Carries a plan's faults out while clients work.
 * @returns when the plan's time is over and everything runs again
 * @throws {Error} when something does not come up again
 */
export async function injectFaults(cluster: Cluster, plan: Plan, rng: Rng): Promise<Injected> {
  const started = performance.now()
  const faults = schedule(plan, rng)
  let cut = 0
  const joined = pause(plan.durationMs / 2).then(async () => {
    for (let n = 0; n < plan.joining; n += 1) await cluster.join()
  })
  const carryOut = async (fault: Fault): Promise<void> => {
    if ('server' in fault && fault.server >= plan.processes) await joined
    switch (fault.kind) {
      case 'kill a server':
        await cluster.servers[fault.server]?.killAndRestart()
        return
      case 'stop a server':
        await cluster.servers[fault.server]?.stopFor(fault.forMs)
        return
      case 'kill Postgres':
        await cluster.killPostgres(fault.forMs)
        return
      case 'cut LISTEN':
        cut += await cluster.cutConnections('listening')
        return
      case 'cut all connections':
        cut += await cluster.cutConnections('all')
    }
  }
  await Promise.all([
    joined,
    pause(plan.durationMs),
    ...faults.map(async (fault) => {
      await pause(fault.atMs - (performance.now() - started))
      await carryOut(fault)
    }),
  ])
  return { kinds: faults.map(({ kind }) => kind), cut }
}
