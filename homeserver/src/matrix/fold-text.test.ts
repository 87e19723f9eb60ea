import fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldedWords, foldText } from './fold-text.ts'

test.each([
  ['ALICE', 'alice'],
  ['Straße', 'STRASSE'],
  ['ΟΔΟΣ', 'οδος'],
  ['οδοσ', 'οδος'],
  ['ＷＩＤＥ', 'wide'],
  ['ﬁne', 'FINE'],
  ['Zoe\u0308', 'ZO\u00cb'],
  ['ПРИВЕТ', 'привет'],
  ['ᏣᎳᎩ', 'ꮳꮃꭹ'],
])('%s is found as %s', (one, other) => {
  expect(foldText(one)).toBe(foldText(other))
})

test('what no column can hold is replaced', () => {
  expect(foldText('a\0b\ud800c')).toBe('a\ufffdb\ufffdc')
})

test('folding twice changes nothing, and case does not matter', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      const folded = foldText(text)
      expect(foldText(folded)).toBe(folded)
      expect(foldText(text.toUpperCase())).toBe(foldText(text))
    }),
  )
})

test('words are parted by white space of every kind, each once, not more than asked for', () => {
  expect(foldedWords(' One\u3000two\n one three ', 2)).toEqual(['one', 'two'])
  expect(foldedWords(' \t', 5)).toEqual([])
})
