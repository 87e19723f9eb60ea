import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseRoomId } from '#matrix/ids.ts'
import { encodePlace, parsePlace } from './hierarchy-token.ts'

it('a place comes back from its token as it was', () => {
  const place = fc.record({
    root: fc
      .constantFrom('!x:example.org', `!${'A'.repeat(43)}`, '!ü b:[::1]:8448')
      .map(parseRoomId),
    maxDepth: fc.nat(50),
    suggestedOnly: fc.boolean(),
    skip: fc.nat(1000),
  })
  fc.assert(
    fc.property(place, (value) => {
      expect(parsePlace(encodePlace(value))).toEqual(value)
    }),
  )
})

it('what is no token is refused', () => {
  const isRefused = (text: string): void => {
    expect(() => parsePlace(text)).toThrow('not a token of this server')
  }
  fc.assert(fc.property(fc.string(), isRefused))
  for (const text of ['', '1 1 t none', '-1 1 t !x:y', '1 1 x !x:y', '1 99999 t !x:y']) {
    isRefused(Buffer.from(text).toString('base64url'))
  }
})
