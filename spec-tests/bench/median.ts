import { NOTHING, type Measurement } from './measurement.ts'

/** What makes two measurements the same figure. */
const keyOf = (line: Measurement): string => [line.server, operationOf(line)].join(' · ')

/** The same without the server. */
export const operationOf = ({ scenario, what, clients }: Measurement): string =>
  [scenario, what, clients].filter((part) => part !== '').join(' · ')

const SUMMED = ['errors', 'lost', 'duplicates'] as const
const COUNTED = [
  'n',
  'rate',
  'p50',
  'p99',
  'hs_cpu_us',
  'pg_cpu_us',
  'rss_mb',
  'steal_pct',
] as const

/**
 * Runs of the same figure become one line: the median of each number, and the sum of what must not
 * happen, since once is too often.
 */
export function mediansOf(lines: readonly Measurement[]): Measurement[] {
  const groups = Map.groupBy(lines, keyOf)
  return [...groups.values()].map((runs) => {
    const [first] = runs
    if (first === undefined || runs.length === 1) return first ?? empty
    const counted = COUNTED.map((name) => [name, median(runs.map((run) => run[name]))] as const)
    const summed = SUMMED.map(
      (name) => [name, runs.reduce((sum, run) => sum + run[name], 0)] as const,
    )
    const figures = Object.keys(first.figures).map(
      (name) => [name, median(runs.map((run) => run.figures[name] ?? null))] as const,
    )
    return {
      ...first,
      ...Object.fromEntries([...counted, ...summed]),
      figures: Object.fromEntries(figures),
    }
  })
}

const empty: Measurement = { ...NOTHING, scenario: '', server: '' }

/** The middle one, of an even number the lower of the two; null unless all are known. */
export function median(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null).toSorted((a, b) => a - b)
  if (known.length < values.length || known.length === 0) return null
  return known[Math.floor((known.length - 1) / 2)] ?? null
}
