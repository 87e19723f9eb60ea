import type { Plan } from './schedule.ts'

const ROUNDS_A_RUN = 20
const DURATION_MS = 60_000

/**
 * The runs that the environment asks for.
 *
 * - `HEARTH_DELIVERY_ROUNDS`: faults in all, 20 a run of a minute. A single run begins with two
 *   server processes and goes on with three; several alternate between two and three.
 * - `HEARTH_DELIVERY_SEED`: the seed of the first run, to repeat what a failure has named.
 * - `HEARTH_DELIVERY_PROCESSES`: 2 or 3, to repeat a run of several.
 */
export function plansOf(env: Readonly<Record<string, string | undefined>>): Plan[] {
  const rounds = Number(env['HEARTH_DELIVERY_ROUNDS'] ?? ROUNDS_A_RUN)
  const seed = Number(env['HEARTH_DELIVERY_SEED'] ?? Math.floor(Math.random() * 2 ** 32))
  const runs = Math.max(1, Math.round(rounds / ROUNDS_A_RUN))
  const fixed = env['HEARTH_DELIVERY_PROCESSES']
  return Array.from({ length: runs }, (_, run) => {
    const processes = fixed === undefined ? 2 + (run % 2) : Number(fixed)
    return {
      seed: (seed + run) >>> 0,
      processes,
      joining: runs === 1 && fixed === undefined ? 1 : 0,
      rounds: Math.round(rounds / runs),
      durationMs: DURATION_MS,
    }
  })
}

/** How to run a plan again. */
export function repeating({ seed, processes, joining, rounds }: Plan): string {
  const fixed = joining > 0 ? '' : `HEARTH_DELIVERY_PROCESSES=${processes} `
  return `To repeat: HEARTH_DELIVERY_SEED=${seed} HEARTH_DELIVERY_ROUNDS=${rounds} ${fixed}npm run test:faults -- delivery`
}
