import type { Subject } from './subject.ts'
import { cpuMs, cpuWithChildrenMs, machineCpu, rssMb } from './procfs.ts'
import { round, type Samples } from './samples.ts'
import type { Load } from './options.ts'

/** One line of the benchmark's JSON output. Rates per second, times in milliseconds unless named. */
export interface Measurement {
  readonly scenario: string
  readonly server: string
  /** Which part of the scenario, where it has several. */
  readonly what: string
  readonly clients: number
  readonly n: number
  readonly rate: number | null
  readonly p50: number | null
  readonly p99: number | null
  readonly errors: number
  readonly lost: number
  readonly duplicates: number
  /** CPU of the server's processes per operation, microseconds. */
  readonly hs_cpu_us: number | null
  /** CPU of Postgres per operation, microseconds. */
  readonly pg_cpu_us: number | null
  readonly rss_mb: number | null
  /** Share of the CPU time wanted meanwhile that a virtual machine's host withheld, percent. */
  readonly steal_pct: number | null
  /** What only this scenario tells, by a name with its unit. */
  readonly figures: Readonly<Record<string, number | null>>
}

/** What a scenario finds out. */
export type Result = Omit<Measurement, 'scenario' | 'server'>

export type Scenario = (subject: Subject, load: Load) => Promise<Result[]>

/** A result that tells nothing yet. */
export const NOTHING: Result = {
  what: '',
  clients: 0,
  n: 0,
  rate: null,
  p50: null,
  p99: null,
  errors: 0,
  lost: 0,
  duplicates: 0,
  hs_cpu_us: null,
  pg_cpu_us: null,
  rss_mb: null,
  steal_pct: null,
  figures: {},
}

/** The processes to watch; empty when `--pids` is not given (CPU is null then). */
export interface Watched {
  readonly server: readonly number[]
  readonly postgres: number | undefined
}

/** Reads CPU before and after a run. */
export class CpuMeter {
  readonly #watched: Watched
  readonly #server: number
  readonly #postgres: number
  readonly #machine = machineCpu()

  constructor(watched: Watched) {
    this.#watched = watched
    this.#server = cpuMs(watched.server)
    this.#postgres = watched.postgres === undefined ? 0 : cpuWithChildrenMs(watched.postgres)
  }

  /** CPU spent since construction for each of `n` operations. */
  perOperation(n: number): Pick<Measurement, 'hs_cpu_us' | 'pg_cpu_us' | 'rss_mb' | 'steal_pct'> {
    const { server, postgres } = this.#watched
    const each = (ms: number) => Math.round((ms * 1000) / Math.max(1, n))
    return {
      hs_cpu_us: server.length === 0 ? null : each(cpuMs(server) - this.#server),
      pg_cpu_us: postgres === undefined ? null : each(cpuWithChildrenMs(postgres) - this.#postgres),
      rss_mb: rssMb(server),
      steal_pct: this.#stealPercent(),
    }
  }

  #stealPercent(): number | null {
    const now = machineCpu()
    const before = this.#machine
    if (now === undefined || before === undefined) return null
    const wanted = Math.max(1, now.wanted - before.wanted)
    return Math.round(((now.stolen - before.stolen) * 100) / wanted)
  }
}

/** Rate and percentiles of a closed run. */
export function timing(
  samples: Samples,
  elapsedMs: number,
): Pick<Measurement, 'n' | 'rate' | 'p50' | 'p99'> {
  return {
    n: samples.count,
    rate: elapsedMs === 0 ? null : round((samples.count * 1000) / elapsedMs),
    p50: samples.percentile(50),
    p99: samples.percentile(99),
  }
}
