import { causeOf } from './causes.ts'
import { NEEDS } from './needs.ts'
import { ownResults, type TestResult } from './results.ts'

/** A test that takes one server and only operations that are built. */
export interface OneServerTest {
  readonly test: string
  /** Of the test and its subtests, without those that need more. */
  readonly passed: number
  readonly of: number
  /** Causes of what did not pass; empty when all did. What is skipped has not passed. */
  readonly causes: readonly string[]
}

/** The tests of a package that need nothing more than what there is, with their results. */
export function oneServerTests(tests: readonly TestResult[]): OneServerTest[] {
  const within = ownResults(tests).filter(({ test }) => causeOf(test, NEEDS) === undefined)
  const byTest = Map.groupBy(within, ({ test }) => test.split('/')[0] ?? test)
  return Array.from(byTest, ([test, results]): OneServerTest => {
    const open = results.filter(({ result }) => result !== 'pass')
    return {
      test,
      passed: results.length - open.length,
      of: results.length,
      causes: [...new Set(open.map((one) => causeOf(one.test) ?? 'Without a cause'))],
    }
  })
}
