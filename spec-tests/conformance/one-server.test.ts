import { expect, test } from 'vitest'
import { oneServerTests } from './one-server.ts'
import type { TestResult } from './results.ts'

const of = (name: string, result: TestResult['result']) => ({ test: name, result, seconds: 0 })

test('tests of one server are counted with their subtests, less those that need more', () => {
  const results = [
    of('TestAvatarUrlUpdate', 'fail'),
    of('TestDeviceListUpdates', 'pass'),
    of('TestDeviceListUpdates/local', 'pass'),
    of('TestSync', 'fail'),
    of('TestSync/parallel', 'fail'),
    of('TestSync/parallel/Device_list_tracking', 'fail'),
    of('TestSync/parallel/one', 'pass'),
    of('TestSync/parallel/two', 'pass'),
    of('TestUnknownEndpoints', 'fail'),
    of('TestUnknownEndpoints/Unknown_prefix', 'fail'),
    of('TestUnknownEndpoints/other', 'pass'),
  ]
  const told = oneServerTests(results)
  expect(told).toMatchObject([
    { test: 'TestAvatarUrlUpdate', passed: 0, of: 1 },
    { test: 'TestSync', passed: 2, of: 2, causes: [] },
    { test: 'TestUnknownEndpoints', passed: 1, of: 2, causes: ['Without a cause'] },
  ])
})

test('what is skipped has not passed, nor what fails although its subtests pass', () => {
  const skipped = [of('TestB', 'pass'), of('TestB/a', 'skip'), of('TestB/b', 'pass')]
  expect(oneServerTests(skipped)).toMatchObject([{ test: 'TestB', passed: 1, of: 2 }])
  const own = [of('TestC', 'fail'), of('TestC/a', 'pass')]
  expect(oneServerTests(own)).toMatchObject([{ test: 'TestC', passed: 1, of: 2 }])
})
