import { expect, test } from 'vitest'
import { Samples } from './samples.ts'

test('percentiles are nearest-rank', () => {
  const samples = new Samples()
  for (let value = 100; value >= 1; value -= 1) samples.add(value)
  expect(samples.percentile(50)).toBe(50)
  expect(samples.percentile(99)).toBe(99)
  expect(samples.percentile(100)).toBe(100)
})

test('no samples have no percentile', () => {
  expect(new Samples().percentile(50)).toBeNull()
})
