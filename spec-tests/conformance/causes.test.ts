import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { causeOf, CAUSES } from './causes.ts'
import type { SuiteResults } from './results.ts'

test('a subtest has the cause of the test above it, unless it has its own', () => {
  const causes = { TestA: 'above', 'TestA/b/c': 'own' }
  expect(causeOf('TestA/b', causes)).toBe('above')
  expect(causeOf('TestA/b/c', causes)).toBe('own')
  expect(causeOf('TestAB', causes)).toBeUndefined()
})

const FILE = join(import.meta.dirname, 'results.json')

test.runIf(existsSync(FILE))(
  'every test that does not pass has a cause, and no cause is left over',
  () => {
    // written by record.ts
    const { packages } = JSON.parse(readFileSync(FILE, 'utf8')) as SuiteResults
    const failed = Object.values(packages)
      .flat()
      .filter(({ result }) => result === 'fail')
      .map(({ test: name }) => name)
    // a test fails with its subtests: these have the causes
    const own = failed.filter((name) => !failed.some((other) => other.startsWith(`${name}/`)))
    expect(own.filter((name) => causeOf(name) === undefined)).toEqual([])
    const used = new Set(own.map((name) => causeOf(name)))
    expect(Object.entries(CAUSES).filter(([, cause]) => !used.has(cause))).toEqual([])
  },
)
