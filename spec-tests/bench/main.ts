import { writeFileSync } from 'node:fs'
import { compareWithBaseline, readBaseline, renewed, writeBaseline } from './baseline.ts'
import { databaseFacts, environment, machine, type DatabaseFacts } from './environment.ts'
import type { Measurement } from './measurement.ts'
import { mediansOf } from './median.ts'
import { type BenchOptions, parseOptions } from './options.ts'
import { scenarios } from './scenarios/all.ts'
import { openSubject, type Subject } from './subject.ts'
import { table } from './table.ts'
import { USAGE } from './usage.ts'

interface Measured {
  readonly subject: Subject
  /** What tells it from the others of this run. */
  readonly name: string
  readonly facts: DatabaseFacts
}

async function main(): Promise<void> {
  const args = process.argv.slice(2)
  if (args.includes('--help')) {
    process.stdout.write(USAGE)
    return
  }
  const options = parseOptions(args)
  await using stack = new AsyncDisposableStack()
  const subjects: Measured[] = []
  for (const place of options.places) {
    const subject = stack.use(await openSubject(place))
    const twins = subjects.filter((other) => other.subject.name === subject.name).length
    const name = twins === 0 ? subject.name : `${subject.name} (${twins + 1})`
    subjects.push({ subject, name, facts: await databaseFacts(subject.databaseUrl) })
  }
  conclude(options, mediansOf(await measure(options, subjects)))
}

/** Servers take turns, so that a machine whose speed drifts is the same to all of them. */
async function measure(
  options: BenchOptions,
  subjects: readonly Measured[],
): Promise<Measurement[]> {
  const found: Measurement[] = []
  for (const scenario of options.scenarios) {
    for (let turn = 1; turn <= options.repeat; turn += 1) {
      for (const { subject, name, facts } of subjects) {
        for (const result of await scenarios[scenario](subject, options.load)) {
          const line = { scenario, server: name, ...result }
          found.push(line)
          const { figures, ...common } = line
          const all = {
            ...common,
            ...figures,
            ...environment(),
            ...facts,
            turn,
            warm_up_s: options.load.warmUp,
          }
          process.stdout.write(`${JSON.stringify(all)}\n`)
        }
      }
    }
  }
  return found
}

function conclude(options: BenchOptions, lines: readonly Measurement[]): void {
  if (!options.json) process.stdout.write(`\n${table(lines)}`)
  if (options.markdown !== undefined) writeFileSync(options.markdown, table(lines))
  const broken = lines.filter((line) => line.errors + line.lost + line.duplicates > 0)
  if (broken.length > 0) fail('Errors, losses or duplicates occurred: the run has failed.')
  const ours = lines.filter(({ server }) => server === lines[0]?.server)
  if (options.check) check(options, ours)
  if (options.writeBaseline && broken.length === 0) {
    const old = readBaseline(options.baseline)
    writeBaseline(options.baseline, renewed(old, ours, machine()))
  }
}

function check({ baseline, force }: BenchOptions, lines: readonly Measurement[]): void {
  const old = readBaseline(baseline)
  if (old === undefined) {
    fail(`There is no ${baseline}; --write-baseline makes it.`)
    return
  }
  const { report, failed } = compareWithBaseline(old, lines, { machine: machine(), force })
  process.stderr.write(`\n${report.join('\n')}\n`)
  if (failed) fail('The check against the baseline has failed.')
}

function fail(sentence: string): void {
  process.stderr.write(`${sentence}\n`)
  process.exitCode = 1
}

try {
  await main()
} catch (error) {
  fail(error instanceof Error ? error.message : String(error))
}
