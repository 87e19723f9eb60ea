import fc from 'fast-check'
import { expect, test } from 'vitest'
import { jsonDepthExceeds } from './json-depth.ts'

const depthOf = (value: unknown): number =>
  typeof value === 'object' && value !== null
    ? 1 + Math.max(0, ...Object.values(value).map(depthOf))
    : 0

test('agrees with the depth of the parsed value', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 6 }), fc.integer({ min: 0, max: 8 }), (value, limit) => {
      expect(jsonDepthExceeds(JSON.stringify(value), limit)).toBe(depthOf(value) > limit)
    }),
  )
})

test('brackets in texts do not count', () => {
  const text = JSON.stringify(['[[[[[[[[[[', '\\"[[[[[[[[[[', '"[{'])
  expect(jsonDepthExceeds(text, 1)).toBe(false)
})
