import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { causeOf } from '../../../spec-tests/conformance/causes.ts'
import { bullets, table } from './markdown.ts'
import type { SuiteResults, TestResult } from '../../../spec-tests/conformance/results.ts'

const FILE = join(import.meta.dirname, '../../../spec-tests/conformance/results.json')

/** The part of docs/compliance.md about the official suite, as paragraphs. */
export function officialSuite(): string[] {
  const title = '## Official conformance suite'
  if (!existsSync(FILE)) return [title, 'Not recorded yet.']
  // written by record.ts
  const { suite, commit, packages } = JSON.parse(readFileSync(FILE, 'utf8')) as SuiteResults
  const all = Object.entries(packages)
  return [
    title,
    `${suite} at \`${commit.slice(0, 12)}\`, unmodified, run by the host of \`spec-tests/conformance\`. Names, results and seconds of all tests: \`spec-tests/conformance/results.json\`.`,
    table(
      ['Package', 'Tests passed', 'failed', 'skipped', 'Subtests passed', 'failed', 'skipped'],
      all.map(([name, tests]) => [name, ...counts(tests)]),
    ),
    ...all.flatMap(([name, tests]) => failures(name, tests)),
  ]
}

function counts(tests: readonly TestResult[]): string[] {
  const isSub = ({ test }: TestResult) => test.includes('/')
  const groups = [tests.filter((one) => !isSub(one)), tests.filter(isSub)]
  return groups.flatMap((group) =>
    (['pass', 'fail', 'skip'] as const).map((result) =>
      String(group.filter((one) => one.result === result).length),
    ),
  )
}

/** What failed, by cause; of a test with failed subtests only these are named. */
function failures(name: string, tests: readonly TestResult[]): string[] {
  const failed = tests.filter(({ result }) => result === 'fail').map(({ test }) => test)
  const own = failed.filter((test) => !failed.some((other) => other.startsWith(`${test}/`)))
  if (own.length === 0) return []
  const byCause = Map.groupBy(own, (test) => causeOf(test) ?? 'Without a cause')
  return [
    `Not passed in ${name}:`,
    ...byCause
      .entries()
      .flatMap(([cause, list]) => [`${cause}:`, bullets(list.map((test) => `\`${test}\``))]),
  ]
}
