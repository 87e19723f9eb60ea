import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkpointEntry, decodeCheckpoint, encodeCheckpoint } from './checkpoint-codec.ts'

const state = fc
  .array(
    fc.tuple(
      fc.integer({ min: 0, max: 2 ** 31 - 1 }),
      fc.integer({ min: -(2 ** 51), max: 2 ** 51 }),
    ),
  )
  .map((pairs) => new Map(pairs))

test('a checkpoint decodes to what was encoded, in key order', () => {
  fc.assert(
    fc.property(state, (entries) => {
      const decoded = decodeCheckpoint(encodeCheckpoint(entries))
      const sorted = Array.from(entries).sort(([a], [b]) => a - b)
      expect(Array.from(decoded)).toEqual(sorted)
    }),
  )
})

test('one key is found without the others, or not at all', () => {
  fc.assert(
    fc.property(state, fc.integer({ min: 0, max: 2 ** 31 - 1 }), (entries, other) => {
      const bytes = encodeCheckpoint(entries)
      for (const key of [...entries.keys(), other]) {
        expect(checkpointEntry(bytes, key)).toBe(entries.get(key))
      }
    }),
  )
})

test('dense keys with near positions take few bytes', () => {
  const entries = new Map(Array.from({ length: 1000 }, (_, n) => [n + 1, 100_000 + n * 3]))
  expect(encodeCheckpoint(entries).length).toBeLessThan(4.5 * 1000)
})

test('a truncated checkpoint is refused', () => {
  const bytes = encodeCheckpoint(new Map([[5, 1_000_000]]))
  expect(() => decodeCheckpoint(bytes.subarray(0, -1))).toThrow(RangeError)
})
