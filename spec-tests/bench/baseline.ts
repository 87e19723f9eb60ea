import { readFileSync, writeFileSync } from 'node:fs'
import type { Measurement } from './measurement.ts'
import { operationOf } from './median.ts'

/** CPU per operation of an earlier state of the code, microseconds, server and Postgres together. */
export interface Baseline {
  readonly machine: string
  readonly cpu_us: Readonly<Record<string, number>>
}

const TOLERANCE_PERCENT = 15
/** CPU time comes in ticks of 10 ms, so less than this is no measurement. */
const MIN_CPU_MS = 200

export interface Comparison {
  /** A sentence for each figure. */
  readonly report: readonly string[]
  readonly failed: boolean
}

/**
 * Nothing to compare fails as well: a check that looked at nothing has not passed.
 * @throws {Error} when the baseline is another machine's and nobody insists
 */
export function compareWithBaseline(
  baseline: Baseline,
  lines: readonly Measurement[],
  options: { machine: string; force: boolean },
): Comparison {
  if (baseline.machine !== options.machine && !options.force) {
    throw new Error(
      `The baseline was measured on "${baseline.machine}", this is "${options.machine}". ` +
        'CPU times of different machines do not compare; --force does it nevertheless.',
    )
  }
  const report: string[] = []
  let failures = 0
  let compared = 0
  for (const [operation, cpu] of cpuByOperation(lines)) {
    const before = baseline.cpu_us[operation]
    if (before === undefined) {
      report.push(`${operation}: ${cpu} µs; the baseline does not have it.`)
      continue
    }
    const change = Math.round((cpu / before - 1) * 1000) / 10
    const failed = cpu * 100 > before * (100 + TOLERANCE_PERCENT)
    report.push(
      `${operation}: ${cpu} µs, baseline ${before} µs (${change >= 0 ? '+' : ''}${change} %)` +
        (failed ? ', which is too much' : ''),
    )
    compared += 1
    if (failed) failures += 1
  }
  if (compared === 0) report.push('Nothing was compared with the baseline.')
  return { report, failed: failures > 0 || compared === 0 }
}

/** The baseline with the figures of this run; those of the same machine that it lacks stay. */
export function renewed(
  baseline: Baseline | undefined,
  lines: readonly Measurement[],
  machine: string,
): Baseline {
  const kept = baseline?.machine === machine ? baseline.cpu_us : {}
  const all = Object.entries({ ...kept, ...Object.fromEntries(cpuByOperation(lines)) })
  return { machine, cpu_us: Object.fromEntries(all.toSorted(([a], [b]) => (a < b ? -1 : 1))) }
}

/** Of the operations whose CPU is known and was enough to be measured. */
function cpuByOperation(lines: readonly Measurement[]): Map<string, number> {
  const found = new Map<string, number>()
  for (const line of lines) {
    if (line.hs_cpu_us === null || line.pg_cpu_us === null) continue
    const cpu = line.hs_cpu_us + line.pg_cpu_us
    if (cpu * line.n >= MIN_CPU_MS * 1000) found.set(operationOf(line), cpu)
  }
  return found
}

/** undefined when there is no such file. @throws {Error} when it is no baseline */
export function readBaseline(path: string): Baseline | undefined {
  const text = readIfThere(path)
  if (text === undefined) return undefined
  const found: unknown = JSON.parse(text)
  if (!isBaseline(found)) throw new Error(`${path} is no baseline.`)
  return found
}

export function writeBaseline(path: string, baseline: Baseline): void {
  writeFileSync(path, `${JSON.stringify(baseline, null, 2)}\n`)
}

function isBaseline(value: unknown): value is Baseline {
  if (typeof value !== 'object' || value === null) return false
  if (!('machine' in value && 'cpu_us' in value) || typeof value.machine !== 'string') return false
  const { cpu_us: cpu } = value
  if (typeof cpu !== 'object' || cpu === null) return false
  return Object.values(cpu).every((entry) => typeof entry === 'number' && entry > 0)
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
