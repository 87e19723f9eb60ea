import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { causeOf, CAUSES } from './causes.ts'
import { ownResults, parseResults } from './results.ts'

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
    const { packages } = parseResults(readFileSync(FILE, 'utf8'))
    const tests = Object.values(packages).flat()
    const open = ownResults(tests).filter(({ result }) => result !== 'pass')
    expect(open.filter((one) => causeOf(one.test) === undefined)).toEqual([])
    const used = new Set(open.map((one) => causeOf(one.test)))
    expect(Object.entries(CAUSES).filter(([, cause]) => !used.has(cause))).toEqual([])
    const names = new Set(tests.map((one) => one.test))
    expect(Object.keys(CAUSES).filter((name) => !names.has(name))).toEqual([])
  },
)
