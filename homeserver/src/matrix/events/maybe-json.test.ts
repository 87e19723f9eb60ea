import { describe, expect, it } from 'vitest'
import { maybeJson } from './maybe-json.ts'

describe('maybeJson', () => {
  it('answers undefined for a text that is not JSON, also where escaped keys are read apart', () => {
    for (const text of ['', '{', 'undefined', '{"a":1}x', '{"\\u0061":}']) {
      expect([text, maybeJson(text)]).toEqual([text, undefined])
    }
  })

  it('reads JSON as parseJson does', () => {
    expect(maybeJson('null')).toBeNull()
    expect(maybeJson('{"\\u0061":[1]}')).toEqual({ a: [1] })
    expect(Object.keys(Object(maybeJson('{"__proto__":1}')))).toEqual(['__proto__'])
  })
})
