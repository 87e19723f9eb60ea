import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberArray, parseNumberArray } from './array-literal.ts'

test('numbers and gaps come back as they were', () => {
  const numbers = fc.array(fc.option(fc.maxSafeInteger(), { nil: undefined }))
  fc.assert(
    fc.property(numbers, (values) => {
      expect(parseNumberArray(numberArray(values))).toEqual(values)
    }),
  )
})

test('no array and an empty one are both empty', () => {
  expect(parseNumberArray(null)).toEqual([])
  expect(parseNumberArray('{}')).toEqual([])
})
