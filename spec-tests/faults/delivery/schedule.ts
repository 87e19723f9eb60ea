import type { Rng } from './rng.ts'

/** How one run of faults looks. */
export interface Plan {
  readonly seed: number
  /** Server processes at the start. */
  readonly processes: number
  /** Of these, how many join when half of the time is over. */
  readonly joining: number
  readonly rounds: number
  readonly durationMs: number
}

export type Fault = { readonly atMs: number } & (
  | { readonly kind: 'kill a server'; readonly server: number }
  | { readonly kind: 'stop a server'; readonly server: number; readonly forMs: number }
  | { readonly kind: 'kill Postgres'; readonly forMs: number }
  | { readonly kind: 'cut LISTEN' }
  | { readonly kind: 'cut all connections' }
)

const KILLS = 3
const STOP_MS = [3_000, 5_000] as const
const OUTAGE_MS = [100, 1_500] as const
/** Of the cuts, those that take every connection and not only the listening ones. */
const CUTS_OF_ALL = 0.3
/** Nothing happens while the last faults are recovered from. */
const QUIET_END_MS = 3_000

/**
 * The faults of a run at random times: each server is killed three times, Postgres once, one server
 * is stopped and continued, and the other rounds cut connections.
 * @throws {RangeError} when there are fewer rounds than that takes
 */
export function schedule(plan: Plan, rng: Rng): Fault[] {
  const { processes, joining, rounds, durationMs } = plan
  const end = durationMs - QUIET_END_MS
  const all = processes + joining
  const cuts = rounds - all * KILLS - 2
  if (cuts < 0) throw new RangeError(`${rounds} rounds are too few for ${all} processes.`)
  const faults: Fault[] = [
    { kind: 'kill Postgres', atMs: rng.between(0, end), forMs: rng.between(...OUTAGE_MS) },
    {
      kind: 'stop a server',
      atMs: rng.between(0, end),
      server: Math.floor(rng.between(0, processes)),
      forMs: rng.between(...STOP_MS),
    },
  ]
  for (let server = 0; server < all; server += 1) {
    const from = server < processes ? 0 : durationMs / 2
    for (let n = 0; n < KILLS; n += 1) {
      faults.push({ kind: 'kill a server', atMs: rng.between(from, end), server })
    }
  }
  for (let n = 0; n < cuts; n += 1) {
    const kind = rng.chance(CUTS_OF_ALL) ? 'cut all connections' : 'cut LISTEN'
    faults.push({ kind, atMs: rng.between(0, end) })
  }
  return faults.sort((a, b) => a.atMs - b.atMs)
}
