import { at, listAt, stringAt } from '../target/json.ts'

const RESULTS = ['pass', 'fail', 'skip'] as const

/** One test of the suite, subtests with a `/` in their names. */
export interface TestResult {
  readonly test: string
  readonly result: (typeof RESULTS)[number]
  readonly seconds: number
}

/** What a run has shown; committed, so that a change of any result is seen. */
export interface SuiteResults {
  /** Repository and commit of the suite. */
  readonly suite: string
  readonly commit: string
  /** By package, each sorted by name. */
  readonly packages: Readonly<Record<string, readonly TestResult[]>>
}

/** Reads what was recorded. @throws {TypeError} where it is no such record */
export function parseResults(text: string): SuiteResults {
  const parsed: unknown = JSON.parse(text)
  const packages = at(parsed, 'packages')
  if (typeof packages !== 'object' || packages === null) throw new TypeError('There is no package')
  const names = Object.keys(packages)
  return {
    suite: stringAt(parsed, 'suite'),
    commit: stringAt(parsed, 'commit'),
    packages: Object.fromEntries(
      names.map((name) => [name, listAt(packages, name).map((value) => recorded(value))]),
    ),
  }
}

function recorded(value: unknown): TestResult {
  const read = resultOf(at(value, 'test'), at(value, 'result'), at(value, 'seconds'))
  if (read === undefined) throw new TypeError(`This is no result: ${JSON.stringify(value)}`)
  return read
}

function resultOf(test: unknown, word: unknown, seconds: unknown): TestResult | undefined {
  const result = RESULTS.find((known) => known === word)
  if (typeof test !== 'string' || result === undefined) return undefined
  return typeof seconds === 'number' ? { test, result, seconds } : undefined
}

/** Reduces the output of `go test -json` of one package; lines that are no JSON are left out. */
export function reduceTests(output: string): TestResult[] {
  const results = new Map<string, TestResult>()
  for (const text of output.split('\n')) {
    if (!text.startsWith('{')) continue
    const line: unknown = JSON.parse(text)
    const result = resultOf(at(line, 'Test'), at(line, 'Action'), at(line, 'Elapsed') ?? 0)
    if (result !== undefined) results.set(result.test, result)
  }
  return Array.from(results.values()).sort((a, b) => (a.test < b.test ? -1 : 1))
}

/** Names of tests whose result is another than before, in words. */
export function changes(before: readonly TestResult[], after: readonly TestResult[]): string[] {
  const old = new Map(before.map(({ test, result }) => [test, result]))
  const told = after.flatMap(({ test, result }) => {
    const was = old.get(test)
    old.delete(test)
    return was === result ? [] : [`${test}: ${was ?? 'new'} -> ${result}`]
  })
  return [...told, ...Array.from(old, ([test, was]) => `${test}: ${was} -> gone`)]
}

/**
 * The tests that did or did not pass by themselves: those without subtests, and those that failed
 * although no subtest did.
 */
export function ownResults(tests: readonly TestResult[]): TestResult[] {
  const above = (names: readonly string[]): ReadonlySet<string> =>
    new Set(names.flatMap(namesAbove))
  const hasSubtests = above(tests.map(({ test }) => test))
  const hasFailed = above(tests.flatMap(({ test, result }) => (result === 'fail' ? [test] : [])))
  return tests.filter(
    ({ test, result }) => !hasSubtests.has(test) || (result === 'fail' && !hasFailed.has(test)),
  )
}

function namesAbove(test: string): string[] {
  const parts = test.split('/')
  return parts.slice(0, -1).map((_part, index) => parts.slice(0, index + 1).join('/'))
}
