/** One test of the suite, subtests with a `/` in their names. */
export interface TestResult {
  readonly test: string
  readonly result: 'pass' | 'fail' | 'skip'
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

interface Line {
  readonly Action?: unknown
  readonly Test?: unknown
  readonly Elapsed?: unknown
}

/** Reduces the output of `go test -json` of one package; lines that are no JSON are left out. */
export function reduceTests(output: string): TestResult[] {
  const results = new Map<string, TestResult>()
  for (const text of output.split('\n')) {
    const line = lineOf(text)
    const { Action: result, Test: test, Elapsed: seconds } = line
    if (typeof test !== 'string') continue
    if (result !== 'pass' && result !== 'fail' && result !== 'skip') continue
    results.set(test, { test, result, seconds: typeof seconds === 'number' ? seconds : 0 })
  }
  return Array.from(results.values()).sort((a, b) => (a.test < b.test ? -1 : 1))
}

function lineOf(text: string): Line {
  if (!text.startsWith('{')) return {}
  const parsed: unknown = JSON.parse(text)
  return typeof parsed === 'object' && parsed !== null ? parsed : {}
}

/** Names of tests whose result is another than before, in words. */
export function changes(before: readonly TestResult[], after: readonly TestResult[]): string[] {
  const old = new Map(before.map(({ test, result }) => [test, result]))
  return after.flatMap(({ test, result }) => {
    const was = old.get(test)
    return was === result ? [] : [`${test}: ${was ?? 'new'} -> ${result}`]
  })
}
