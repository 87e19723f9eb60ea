import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { Clock } from '#platform/clock.ts'
import type { Scenario } from './scenario.ts'
import { seeded } from './scenario.ts'
import type { Run } from './simulate.ts'

/** One line of the table. Sizes with indexes. */
export interface Measurement {
  readonly scenario: string
  readonly changes: number
  readonly keys: number
  readonly sides: number
  readonly megabytes: number
  readonly bytesPerChange: number
  readonly linesPer1000: number
  readonly checkpoints: number
  readonly checkpointMegabytes: number
  readonly maxDepth: number
  readonly rowsPerMerge: { readonly mean: number; readonly p99: number; readonly max: number }
  readonly keyReadMs: { readonly p50: number; readonly p99: number }
  readonly fullReadMs: { readonly p50: number; readonly p99: number }
}

const KEY_READS = 400
const FULL_READS = 20

interface SizeRow {
  readonly bytes: number
  readonly lines: number
  readonly keys: number
  readonly checkpoints: number
  readonly checkpoint_bytes: number
  readonly depth: number
}

/** Looks at what a run has left, and reads from it. */
export async function measure(
  deps: { db: Db; clock: Clock },
  scenario: Scenario,
  run: Run,
): Promise<Measurement> {
  const { db } = deps
  const { rows } = await sql<SizeRow>`
    WITH RECURSIVE up AS (SELECT parent_line, 0 AS n FROM state_lines UNION
      SELECT l.parent_line, u.n + 1 FROM up u JOIN state_lines l ON l.line = u.parent_line)
    SELECT pg_total_relation_size('state_log') + pg_total_relation_size('state_lines')
        + pg_total_relation_size('state_ckpt') AS bytes,
      pg_total_relation_size('state_ckpt') AS checkpoint_bytes,
      (SELECT count(*) FROM state_lines) AS lines,
      (SELECT count(*) FROM state_ckpt) AS checkpoints,
      (SELECT count(*) FROM room_state) AS keys,
      (SELECT max(n) FROM up) AS depth`.execute(db)
  const size = rows[0]
  if (size === undefined) throw new Error('nothing to measure')
  const times = await readTimes(deps, run, scenario.seed)
  return {
    scenario: scenario.name,
    changes: scenario.changes,
    keys: size.keys,
    sides: run.sides,
    megabytes: round(size.bytes / 1e6),
    bytesPerChange: Math.round(size.bytes / scenario.changes),
    linesPer1000: round((size.lines * 1_000) / scenario.changes),
    checkpoints: size.checkpoints,
    checkpointMegabytes: round(size.checkpoint_bytes / 1e6),
    maxDepth: size.depth,
    rowsPerMerge: {
      mean: round(run.rowsPerMerge.reduce((a, b) => a + b, 0) / Math.max(1, run.sides)),
      p99: quantile(run.rowsPerMerge, 0.99),
      max: Math.max(0, ...run.rowsPerMerge),
    },
    ...times,
  }
}

async function readTimes({ db, clock }: { db: Db; clock: Clock }, run: Run, seed: number) {
  const random = seeded(seed + 1)
  const { rows } = await sql<{ line: number; sidx: number }>`
    SELECT line, sidx FROM events WHERE line IS NOT NULL ORDER BY hashint8(pos), pos
    LIMIT ${KEY_READS}`.execute(db)
  const keys = await sql<{ key: number }>`SELECT key FROM room_state`.execute(db)
  // the best of three: what other programs take from the machine is no cost of the read
  const timed = async (read: () => Promise<unknown>): Promise<number> => {
    let best = Infinity
    for (let attempt = 0; attempt < 3; attempt++) {
      const start = clock.monotonic()
      await read()
      best = Math.min(best, clock.monotonic() - start)
    }
    return best
  }
  const one: number[] = []
  const full: number[] = []
  for (const [n, { line, sidx }] of rows.entries()) {
    const point = { line, idx: sidx }
    const key = keys.rows[Math.floor(random() * keys.rows.length)]?.key ?? 0
    one.push(await timed(() => run.lines.keyAt(point, key)))
    if (n < FULL_READS) full.push(await timed(() => run.lines.stateAt(point)))
  }
  return {
    keyReadMs: { p50: round(quantile(one, 0.5)), p99: round(quantile(one, 0.99)) },
    fullReadMs: { p50: round(quantile(full, 0.5)), p99: round(quantile(full, 0.99)) },
  }
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
