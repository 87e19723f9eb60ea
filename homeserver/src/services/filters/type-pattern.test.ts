import fc from 'fast-check'
import { expect, test } from 'vitest'
import { typePattern } from './type-pattern.ts'

test.each([
  ['m.room.message', 'm.room.message', true],
  ['m.room.message', 'm.room.messages', false],
  ['m.room.*', 'm.room.name', true],
  ['m.room.*', 'm.room.', true],
  ['m.room.*', 'm.roo', false],
  ['*', '', true],
  ['*.name', 'm.room.name', true],
  ['m.*.member', 'm.room.member', true],
  ['m.*.*.end', 'm.a.b.end', true],
  ['m.*.*.end', 'm.a.end', false],
  ['a*a', 'a', false],
  ['a.c', 'abc', false],
])('pattern %s against type %s: %s', (pattern, type, matches) => {
  expect(typePattern(pattern)(type)).toBe(matches)
})

test('a star stands for any characters wherever it stands', () => {
  const part = fc.string({ unit: fc.constantFrom('m', '.', 'room'), maxLength: 4 })
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), part, (parts, filling) => {
      expect(typePattern(parts.join('*'))(parts.join(filling))).toBe(true)
    }),
  )
})
