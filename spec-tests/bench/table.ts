import type { Measurement } from './measurement.ts'

const COLUMNS = [
  ['scenario', (line: Measurement) => line.scenario],
  ['part', (line: Measurement) => line.what || '–'],
  ['server', (line: Measurement) => line.server],
  ['clients', (line: Measurement) => line.clients],
  ['n', (line: Measurement) => line.n],
  ['rate/s', (line: Measurement) => line.rate],
  ['p50 ms', (line: Measurement) => line.p50],
  ['p99 ms', (line: Measurement) => line.p99],
  ['server CPU µs', (line: Measurement) => line.hs_cpu_us],
  ['Postgres CPU µs', (line: Measurement) => line.pg_cpu_us],
  ['RSS MB', (line: Measurement) => line.rss_mb],
  ['steal %', (line: Measurement) => line.steal_pct],
  ['errors', (line: Measurement) => line.errors],
  ['lost', (line: Measurement) => line.lost],
  ['duplicates', (line: Measurement) => line.duplicates],
  ['more', (line: Measurement) => figuresOf(line)],
] as const

/** A Markdown table of measurements. */
export function table(lines: readonly Measurement[]): string {
  const row = (cells: readonly unknown[]) => `| ${cells.join(' | ')} |\n`
  return [
    row(COLUMNS.map(([title]) => title)),
    row(COLUMNS.map(() => '---')),
    ...lines.map((line) => row(COLUMNS.map(([, cell]) => cell(line) ?? '–'))),
  ].join('')
}

function figuresOf({ figures }: Measurement): string | null {
  const known = Object.entries(figures).map(([name, value]) => `${name} ${value ?? 'null'}`)
  return known.length === 0 ? null : known.join(', ')
}
