import { expect, test } from 'vitest'
import { equal } from './equal.ts'

test('plain data is compared by what it holds', () => {
  expect(equal({ a: [1, { b: undefined }] }, { a: [1, { b: undefined }] })).toBe(true)
  expect(equal({ a: undefined }, { b: undefined })).toBe(false)
  expect(equal([], {})).toBe(false)
  expect(equal([1, 2], [1])).toBe(false)
  expect(equal(Number.NaN, Number.NaN)).toBe(true)
})

test('other objects equal only themselves', () => {
  const error = new Error('x')
  expect(equal({ error }, { error })).toBe(true)
  expect(equal(error, new Error('x'))).toBe(false)
  expect(equal(new Map(), new Map())).toBe(false)
})
