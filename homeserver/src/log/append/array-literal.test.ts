import fc from 'fast-check'
import { expect, test } from 'vitest'
import { numberArray, parseNumberArray, textArray } from './array-literal.ts'

test('numbers and gaps come back as they were', () => {
  const numbers = fc.array(fc.option(fc.maxSafeInteger(), { nil: undefined }))
  fc.assert(
    fc.property(numbers, (values) => {
      expect(parseNumberArray(numberArray(values))).toEqual(values)
    }),
  )
})

test('quotes, backslashes and the word NULL stay text', () => {
  expect(textArray(['a"b', 'c\\d', 'NULL', '', undefined, '{x,y}'])).toBe(
    '{"a\\"b","c\\\\d","NULL","",NULL,"{x,y}"}',
  )
})

test('no array and an empty one are both empty', () => {
  expect(parseNumberArray(null)).toEqual([])
  expect(parseNumberArray('{}')).toEqual([])
})

test('control characters and emoji go through as they are', () => {
  expect(textArray(['a\n"b', '😀"', 'é\\'])).toBe('{"a\n\\"b","😀\\"","é\\\\"}')
})
