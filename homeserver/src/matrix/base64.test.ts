import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeBase64, encodeBase64 } from './base64.ts'

describe('unpadded base64', () => {
  // https://spec.matrix.org/v1.19/appendices/#unpadded-base64
  it.each([
    ['', ''],
    ['f', 'Zg'],
    ['fo', 'Zm8'],
    ['foo', 'Zm9v'],
    ['foob', 'Zm9vYg'],
    ['fooba', 'Zm9vYmE'],
    ['foobar', 'Zm9vYmFy'],
  ])('encodes %j as %j', (text, base64) => {
    expect(encodeBase64(Buffer.from(text))).toBe(base64)
    expect(decodeBase64(base64)?.toString()).toBe(text)
  })

  it('decodes with padding too', () => {
    expect(decodeBase64('Zg==')?.toString()).toBe('f')
  })

  it.each(['Z', 'Zg=a', 'Zm9v!', 'Zm 9v', 'Zm9-', 'Zm9v\n', 'Zm9vY==='])(
    'does not decode %j',
    (text) => {
      expect(decodeBase64(text)).toBeUndefined()
    },
  )

  it('decodes what it encoded', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(decodeBase64(encodeBase64(Buffer.from(bytes)))).toEqual(Buffer.from(bytes))
      }),
    )
  })
})
