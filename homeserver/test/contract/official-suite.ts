import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { CAUSES, causeOf } from '../../../spec-tests/conformance/causes.ts'
import { NEEDS } from '../../../spec-tests/conformance/needs.ts'
import { oneServerTests } from '../../../spec-tests/conformance/one-server.ts'
import {
  ownResults,
  parseResults,
  type TestResult,
} from '../../../spec-tests/conformance/results.ts'
import { bullets, table } from './markdown.ts'

const FILE = join(import.meta.dirname, '../../../spec-tests/conformance/results.json')

/** The part of docs/compliance.md about the official suite, as paragraphs. */
export function officialSuite(): string[] {
  const title = '## Official conformance suite'
  if (!existsSync(FILE)) return [title, 'Not recorded yet.']
  const { suite, commit, packages } = parseResults(readFileSync(FILE, 'utf8'))
  const all = Object.entries(packages)
  return [
    title,
    `${suite} at \`${commit.slice(0, 12)}\`, unmodified, run by the host of \`spec-tests/conformance\`: servers in test mode with \`presence.enabled\`, \`push.legacy_mentions\` and room version 11 for new rooms. Names, results and seconds of all tests: \`spec-tests/conformance/results.json\`.`,
    table(
      ['Package', 'Tests passed', 'failed', 'skipped', 'Subtests passed', 'failed', 'skipped'],
      all.map(([name, tests]) => [name, ...counts(tests)]),
    ),
    ...all.flatMap(([name, tests]) => [
      ...oneServer(name, tests),
      ...differences(name, tests),
      ...beyond(name, tests),
    ]),
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

/** The tests that must pass now: they need one server and no operation that is not built. */
function oneServer(name: string, tests: readonly TestResult[]): string[] {
  const list = oneServerTests(tests)
  const passed = list.filter(({ causes }) => causes.length === 0)
  return [
    `### ${name}: one server, built operations`,
    `${passed.length} of ${list.length} tests pass. The numbers are those of subtests, without those that need more, or 1 where there are none; what the suite skips has not passed.`,
    table(
      ['Test', 'Passed', 'Of', 'Result'],
      list.map(({ test, passed: sum, of, causes }) => [
        `\`${test}\``,
        String(sum),
        String(of),
        causes.length === 0 ? 'pass' : '**not passed**',
      ]),
    ),
  ]
}

/** Of those, what does not pass, by cause. */
function differences(name: string, tests: readonly TestResult[]): string[] {
  const open = notPassed(tests).filter((test) => causeOf(test, NEEDS) === undefined)
  return open.length === 0 ? [] : [`Not passed of these in ${name}:`, ...byCause(open, CAUSES)]
}

/** What needs more and does not pass, by what it needs. */
function beyond(name: string, tests: readonly TestResult[]): string[] {
  const open = notPassed(tests).filter((test) => causeOf(test, NEEDS) !== undefined)
  if (open.length === 0) return []
  return [`### ${name}: what needs more, and does not pass`, ...byCause(open, NEEDS)]
}

const notPassed = (tests: readonly TestResult[]): string[] =>
  ownResults(tests).flatMap(({ test, result }) => (result === 'pass' ? [] : [test]))

function byCause(tests: readonly string[], causes: typeof CAUSES): string[] {
  const groups = Map.groupBy(tests, (test) => causeOf(test, causes) ?? 'Without a cause')
  return Array.from(groups).flatMap(([cause, list]) => [
    `${cause}:`,
    bullets(list.map((test) => `\`${test}\``)),
  ])
}
