import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hasEscapedKey, parseByTokens } from './escaped-keys.ts'
import { anyJson } from './test-support/any-json.ts'
import { parseJson } from './parse-json.ts'

describe('hasEscapedKey', () => {
  it.each([
    [String.raw`{"a":"\n","b":"\"c\":"}`, false],
    [String.raw`["\\","a"]`, false],
    [String.raw`{"\n":1}`, true],
    [String.raw`{"a":{"b\\" : 1}}`, true],
    [String.raw`{"a":"\\","\"b":1}`, true],
  ])('of %s is %s', (text, expected) => {
    expect(hasEscapedKey(text)).toBe(expected)
  })

  it('takes time in proportion to the text', () => {
    expect(hasEscapedKey(JSON.stringify({ a: '"\\'.repeat(500_000) }))).toBe(false)
  })
})

describe('parseByTokens', () => {
  it('reads every JSON text, with or without white space', () => {
    fc.assert(
      fc.property(anyJson, fc.constantFrom(0, 1, '\t', '\r\n'), (value, space) => {
        const read = parseByTokens(JSON.stringify(value, null, space))
        expect(isDeepStrictEqual(read, value)).toBe(true)
      }),
    )
  })

  it('reads deep nesting without recursion', () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000)
    expect(Array.isArray(parseByTokens(text))).toBe(true)
  })

  it('lets the last of duplicate keys win', () => {
    expect(parseByTokens('{"a":1,"a":2}')).toEqual({ a: 2 })
  })
})

describe('parseJson', () => {
  it('reads an escaped key whatever was parsed before', () => {
    parseJson(String.raw`{"poisoned":1,"\\":1}`)
    expect(parseJson(String.raw`{"poisoned":1,"\n":1}`)).toEqual({ poisoned: 1, '\n': 1 })
    parseJson(String.raw`{"again":1,"\\u":1}`)
    expect(parseJson(String.raw`{"again":1,"\u0041B":1}`)).toEqual({ again: 1, AB: 1 })
  })
})
