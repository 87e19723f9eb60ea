import { expect, test } from 'vitest'
import { NOTHING, type Measurement } from './measurement.ts'
import { median, mediansOf } from './median.ts'

const line = (over: Partial<Measurement>): Measurement => ({
  ...NOTHING,
  scenario: 'send',
  server: 'hearth',
  clients: 8,
  ...over,
})

test('the median of an even number is the lower middle; one unknown makes it unknown', () => {
  expect(median([5, 1, 3])).toBe(3)
  expect(median([4, 1, 3, 2])).toBe(2)
  expect(median([1, null, 3])).toBeNull()
  expect(median([])).toBeNull()
})

test('runs of one figure become one line of medians, and faults add up', () => {
  const found = mediansOf([
    line({ rate: 10, hs_cpu_us: 300, figures: { x: 1 } }),
    line({ rate: 99, server: 'peer' }),
    line({ rate: 30, hs_cpu_us: 100, lost: 1, figures: { x: 5 } }),
    line({ rate: 20, hs_cpu_us: 200, lost: 1, figures: { x: 3 } }),
    line({ rate: 7, what: 'idle' }),
  ])
  expect(found).toEqual([
    line({ rate: 20, hs_cpu_us: 200, lost: 2, figures: { x: 3 } }),
    line({ rate: 99, server: 'peer' }),
    line({ rate: 7, what: 'idle' }),
  ])
})
