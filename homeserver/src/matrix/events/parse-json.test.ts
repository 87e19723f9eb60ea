import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { own } from '../json.ts'
import { CanonicalJsonError, canonicalJson } from './canonical-json.ts'
import { anyJson } from './test-support/any-json.ts'
import { findBadNumber, parseJson, parseStrictJson } from './parse-json.ts'

describe('parseJson', () => {
  it('keeps __proto__ as an own key', () => {
    const value = parseJson('{"__proto__":{"admin":true}}')
    expect(Object.keys(Object(value))).toEqual(['__proto__'])
    expect(Object(value).admin).toBeUndefined()
  })

  it.each(['', '{', '{"a":}', "{'a':1}", '[1,]', 'NaN', '01'])('refuses %j', (text) => {
    expect(() => parseJson(text)).toThrow(SyntaxError)
    expect(() => parseStrictJson(text)).toThrow(SyntaxError)
  })
})

describe('parseStrictJson', () => {
  it.each([
    '1.0',
    '1.5',
    '1e3',
    '1E3',
    '1e-3',
    '0.0',
    '-0',
    '-0.0',
    '-1.5',
    '9007199254740992',
    '-9007199254740992',
    '9007199254740993',
    '100000000000000000000',
    '1e400',
  ])('refuses the number %s wherever it stands', (number) => {
    const places = [
      number,
      `[${number}]`,
      `[1,${number}]`,
      `{"a":${number}}`,
      `{"a": ${number} }`,
      `{"a":\n${number}\n}`,
      `{"a":"\\"","b":${number}}`,
    ]
    for (const text of places) expect(() => parseStrictJson(text)).toThrow(CanonicalJsonError)
  })

  it.each([
    '0',
    '-1',
    '9007199254740991',
    '-9007199254740991',
    '"costs 1.5, not 1e3 and -0"',
    '{"[1.5": ":2.5", "a\\\\": "\\" 1.5"}',
    '"12345678901234567890"',
  ])('accepts %s', (text) => {
    expect(parseStrictJson(text)).toStrictEqual(JSON.parse(text))
  })

  it('accepts everything that canonical JSON writes', () => {
    fc.assert(
      fc.property(anyJson, fc.constantFrom(0, 1, '\t'), (value, space) => {
        const texts = [canonicalJson(value, { strict: true }), JSON.stringify(value, null, space)]
        expect(texts.every((text) => isDeepStrictEqual(parseStrictJson(text), value))).toBe(true)
      }),
    )
  })
})

describe('findBadNumber', () => {
  it('finds what a reviver that sees the source of every number finds', () => {
    const number = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.maxSafeInteger().map(String),
      fc.bigInt().map(String),
      fc.constantFrom('-0', '0', '1.0', '1e2', '-0e0'),
    )
    const text = fc
      .array(
        fc.oneof(
          number,
          anyJson.map((value) => JSON.stringify(value)),
        ),
      )
      .map((items) => `{"a":[${items.join(', ')}]}`)
    fc.assert(
      fc.property(text, (json) => {
        expect(findBadNumber(json) !== undefined).toBe(hasBadNumberByReviver(json))
      }),
    )
  })

  it('is not slowed down by long texts and runs of digits', () => {
    const text = JSON.stringify({ a: 1, b: '\\"'.repeat(100_000), c: ' 1'.repeat(100_000) })
    expect(findBadNumber(text)).toBeUndefined()
    expect(findBadNumber(`[${'1'.repeat(100_000)}]`)).toBe('1'.repeat(40))
  })
})

function hasBadNumberByReviver(json: string): boolean {
  let bad = false
  const reviver = (_key: string, value: unknown, context?: { source?: string }) => {
    if (typeof value === 'number') {
      bad ||= !/^-?\d+$/.test(context?.source ?? '') || !Number.isSafeInteger(value)
      bad ||= Object.is(value, -0)
    }
    return value
  }
  JSON.parse(json, reviver)
  return bad
}

describe('own', () => {
  it('answers from the data alone', () => {
    const object = { ['__proto__']: 1, a: 2 }
    expect(own(object, '__proto__')).toBe(1)
    expect(own({}, '__proto__')).toBeUndefined()
    expect(own({}, 'constructor')).toBeUndefined()
  })
})
