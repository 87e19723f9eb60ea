import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ed25519KeyPair, nodeKeyPair } from './ed25519.ts'

test('both libraries derive the same key and make the same signatures', () => {
  const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 })
  fc.assert(
    fc.property(seeds, fc.uint8Array({ maxLength: 1000 }), (bytes, message) => {
      const seed = Buffer.from(bytes)
      const [pair, other] = [ed25519KeyPair(seed), nodeKeyPair(seed)]
      expect(pair.publicKey.equals(other.publicKey)).toBe(true)
      expect(pair.sign(message).equals(other.sign(message))).toBe(true)
    }),
  )
})

test('a signature stays as it is when the next one is made', () => {
  const { sign } = ed25519KeyPair(Buffer.alloc(32, 1))
  const first = sign(Buffer.from('a'))
  const text = first.toString('hex')
  sign(Buffer.from('b'))
  expect(first.toString('hex')).toBe(text)
})
