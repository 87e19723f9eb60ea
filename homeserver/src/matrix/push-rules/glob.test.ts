import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wholeGlob, wordGlob, wordLiteral } from './glob.ts'

/** The definition of a glob as a backtracking search, for short inputs. */
function reference(pattern: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern
  if (first === undefined) return text.length === 0
  if (first === '*') {
    return reference(rest, text) || (text.length > 0 && reference(pattern, text.slice(1)))
  }
  return (first === '?' || first === text[0]) && text.length > 0 && reference(rest, text.slice(1))
}

/** Tries every part of the text that starts and ends at a word boundary. */
function wordReference(pattern: readonly string[], text: readonly string[]): boolean {
  const isWord = (index: number) => /[A-Za-z0-9_]/.test(text[index] ?? '')
  const cuts = Array.from({ length: text.length + 1 }, (_, index) => index).filter(
    (index) => !isWord(index - 1) || !isWord(index),
  )
  return cuts.some((from) =>
    cuts.some((to) => from <= to && reference(pattern, text.slice(from, to))),
  )
}

const anyPattern = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', ' ', '😀'), maxLength: 6 })
const anyText = fc.string({ unit: fc.constantFrom('a', 'b', ' ', '-', '😀'), maxLength: 10 })

describe('wholeGlob', () => {
  it.each([
    ['lunc?*', 'Lunch plans', true],
    ['lunc?*', 'LUNCH', true],
    ['lunc?*', ' lunch', false],
    ['lunc?*', 'lunc', false],
    ['', '', true],
    ['', 'a', false],
    ['*', '', true],
    ['m.room.message', 'M.ROOM.MESSAGE', true],
    ['m.room.message', 'mxroom.message', false],
    ['a?c', 'a😀c', true],
    ['ÄRGER*', 'ärgerlich', true],
    ['a.*[x]\\', 'a.b[x]\\', true],
  ])('%j on %j: %s', (pattern, text, expected) => {
    expect(wholeGlob(pattern)(text)).toBe(expected)
  })

  it('equals the backtracking definition', () => {
    fc.assert(
      fc.property(anyPattern, anyText, (pattern, text) => {
        expect(wholeGlob(pattern)(text)).toBe(reference([...pattern], [...text]))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('wordGlob', () => {
  it.each([
    ['ex*ple', 'An example event.', true],
    ['ex*ple', 'exple', true],
    ['ex*ple', 'An exciting triple-whammy', true],
    ['cake', 'cakes', false],
    ['cake', 'pancake', false],
    ['cake', 'a CAKE!', true],
    ['cake', 'snake_cake', false],
    ['@room', 'hey @room, look', true],
    ['@room', 'me@room.org', true],
    ['c++', 'I like c++', true],
    ['foo bar', 'a foo bar b', true],
    ['*', '', true],
    ['', '', true],
  ])('%j in %j: %s', (pattern, text, expected) => {
    expect(wordGlob(pattern)(text)).toBe(expected)
  })

  it('equals trying every part between word boundaries', () => {
    fc.assert(
      fc.property(anyPattern, anyText, (pattern, text) => {
        expect(wordGlob(pattern)(text)).toBe(wordReference([...pattern], [...text]))
      }),
      { numRuns: 1000 },
    )
  })

  it('handles patterns longer than a machine word', () => {
    const words = 'abcdefghij '.repeat(20).trim()
    expect(wordGlob(words)(`x ${words} y`)).toBe(true)
    expect(wordGlob(words.replaceAll('e', '?'))(`x ${words} y`)).toBe(true)
    expect(wordGlob(words)(`x ${words.replace(/j$/, 'k')} y`)).toBe(false)
    expect(wordGlob(`${words}*${words}`)(`${words} and ${words}`)).toBe(true)
  })

  it('does not match with a pattern of absurd length', () => {
    expect(wordGlob('a'.repeat(1025))('a'.repeat(1025))).toBe(false)
  })

  // CVE-2021-29471: such patterns took exponential time as regular expressions.
  it('push-glob DoS: takes time in proportion to the text, whatever the pattern', () => {
    const text = 'a'.repeat(65_000)
    expect(wordGlob('*a'.repeat(500) + 'b')(`${text} b`)).toBe(false)
    expect(wordGlob('a?'.repeat(500) + '*b')(`${text}b`)).toBe(true)
    expect(wholeGlob('*a'.repeat(500) + '*b')(`${text}c`)).toBe(false)
  })
})

describe('wordLiteral', () => {
  it('takes glob characters literally', () => {
    expect(wordLiteral('A*')('hey a*!')).toBe(true)
    expect(wordLiteral('a*')('hey abc')).toBe(false)
    expect(wordLiteral('a?')('ab')).toBe(false)
  })
})
