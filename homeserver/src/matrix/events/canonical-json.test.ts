import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isJsonObject } from '../json.ts'
import type { JsonValue } from '../json.ts'
import { CanonicalJsonError, canonicalJson } from './canonical-json.ts'
import { compareCodePoints } from './code-points.ts'
import { anyJson, anyJsonObject, anyText } from './test-support/any-json.ts'
import { parseJson } from './parse-json.ts'

/** The definition written down without regard for speed. */
function reference(value: JsonValue): string {
  if (Array.isArray(value)) return `[${value.map(reference).join(',')}]`
  if (!isJsonObject(value)) return JSON.stringify(value)
  const members = Object.entries(value)
    .toSorted(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([key, member]) => `${JSON.stringify(key)}:${reference(member)}`)
  return `{${members.join(',')}}`
}

describe('canonicalJson', () => {
  // https://spec.matrix.org/v1.19/appendices/#examples
  it.each([
    ['{}', '{}'],
    ['{"one": 1, "two": "Two"}', '{"one":1,"two":"Two"}'],
    ['{"b": "2", "a": "1"}', '{"a":"1","b":"2"}'],
    ['{"b":"2","a":"1"}', '{"a":"1","b":"2"}'],
    [
      `{"auth": {"success": true, "mxid": "@john.doe:example.com", "profile": {
        "display_name": "John Doe", "three_pids": [
          {"medium": "email", "address": "john.doe@example.org"},
          {"medium": "msisdn", "address": "123456789"}]}}}`,
      '{"auth":{"mxid":"@john.doe:example.com","profile":{"display_name":"John Doe","three_pids":[{"address":"john.doe@example.org","medium":"email"},{"address":"123456789","medium":"msisdn"}]},"success":true}}',
    ],
    ['{"a": "日本語"}', '{"a":"日本語"}'],
    ['{"本": 2, "日": 1}', '{"日":1,"本":2}'],
    [String.raw`{"a": "\u65E5"}`, '{"a":"日"}'],
    ['{"a": null}', '{"a":null}'],
    ['{"a": -0, "b": 1e10}', '{"a":0,"b":10000000000}'],
  ])('writes the example %s of the specification', (given, expected) => {
    expect(canonicalJson(parseJson(given))).toBe(expected)
  })

  it('orders keys by code point, not by UTF-16 unit', () => {
    expect(canonicalJson({ '😀': 1, '\ufb01': 2, '\uffff': 3, z: 4 })).toBe(
      '{"z":4,"\ufb01":2,"\uffff":3,"😀":1}',
    )
  })

  it('orders integer-like keys as texts', () => {
    expect(canonicalJson({ 2: 0, 10: 0, 1: 0, '-1': 0 })).toBe('{"-1":0,"1":0,"10":0,"2":0}')
  })

  it('keeps an own key __proto__', () => {
    expect(canonicalJson(parseJson('{"a":1,"__proto__":{"b":2}}'))).toBe(
      '{"__proto__":{"b":2},"a":1}',
    )
  })

  it('uses the shortest escapes and leaves everything else as it is', () => {
    expect(canonicalJson('\0\x01\b\t\n\v\f\r\x1f"\\/\x7f\u2028😀')).toBe(
      String.raw`"\u0000\u0001\b\t\n\u000b\f\r\u001f\"\\/` + '\x7f\u2028😀"',
    )
  })

  it.each([1.5, -0, 2 ** 53, -(2 ** 53), 1e300])('refuses the number %d when strict', (number) => {
    expect(() => canonicalJson({ a: [number] }, { strict: true })).toThrow(CanonicalJsonError)
    expect(() => canonicalJson({ a: [number] })).not.toThrow()
  })

  it.each([NaN, Infinity, -Infinity])('always refuses %d', (number) => {
    expect(() => canonicalJson(number)).toThrow(CanonicalJsonError)
  })

  it.each(['\ud800', 'a\udc00b', '\udc00\ud800'])('refuses lone surrogates: %j', (text) => {
    expect(() => canonicalJson([text])).toThrow(CanonicalJsonError)
    expect(() => canonicalJson({ [text]: 1 })).toThrow(CanonicalJsonError)
  })

  it('refuses nesting that would exhaust the stack, as a mistake of the client', () => {
    const deep = (levels: number) => parseJson('['.repeat(levels) + ']'.repeat(levels))
    expect(canonicalJson(deep(500))).toHaveLength(1000)
    expect(() => canonicalJson(deep(30_000))).toThrow(
      expect.objectContaining({ status: 400, errcode: 'M_BAD_JSON' }),
    )
  })

  it('equals the plain formulation of its definition', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        expect(canonicalJson(value, { strict: true })).toBe(reference(value))
      }),
    )
  })

  it('loses nothing and is idempotent', () => {
    fc.assert(
      fc.property(anyJson, (value) => {
        const text = canonicalJson(value)
        expect(isDeepStrictEqual(parseJson(text), value)).toBe(true)
        expect(canonicalJson(parseJson(text))).toBe(text)
      }),
    )
  })

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(anyJsonObject, (object) => {
        const reversed = Object.fromEntries(Object.entries(object).toReversed())
        expect(canonicalJson(reversed)).toBe(canonicalJson(object))
      }),
    )
  })
})

describe('compareCodePoints', () => {
  it('orders like UTF-8', () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(Math.sign(compareCodePoints(a, b))).toBe(Buffer.from(a).compare(Buffer.from(b)))
      }),
    )
  })
})
