import { expect, test } from 'vitest'
import { closingLines } from './closing.mjs'

const counts = { passed: 3, failed: 0, skipped: 1 }

test('a run ends with what failed, its parts and their sum', () => {
  const failures = [{ where: 'crash.test.ts > round 7', text: 'It did not come:\n  a sync' }]
  const { lines, total } = closingLines([
    { title: 'check', ...counts, seconds: 36.6 },
    { title: 'faults', passed: 2, failed: 1, skipped: 0, failures },
  ])
  expect(total).toEqual({ passed: 5, failed: 1, skipped: 1 })
  expect(lines).toEqual([
    'FAIL faults: crash.test.ts > round 7\n    It did not come:\n      a sync\n',
    'check: 3 passed, 0 failed, 1 skipped (37 s)',
    'faults: 2 passed, 1 failed, 0 skipped',
    '5 passed, 1 failed, 1 skipped',
  ])
})

test('thousands of failures leave the end readable', () => {
  const failures = Array.from({ length: 51 }, (_, n) => ({ where: `test ${n}`, text: 'no' }))
  const { lines } = closingLines([{ title: 'homeserver', ...counts, failures }])
  expect(lines.slice(49, 51)).toEqual([
    'FAIL homeserver: test 49\n    no\n',
    '… and 1 more failures',
  ])
})
