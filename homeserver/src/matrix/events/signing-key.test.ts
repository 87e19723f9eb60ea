import { describe, expect, it } from 'vitest'
import { decodeBase64 } from '../base64.ts'
import {
  decodeSigningKeyFile,
  encodeSigningKeyFile,
  publicKeyFromBase64,
  signingKeyFromSeed,
} from './signing-key.ts'

// RFC 8032, section 7.1, TEST 1
const RFC_SEED = '9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60'
const RFC_PUBLIC = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a'
const RFC_SIGNATURE =
  'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b'

describe('signingKeyFromSeed', () => {
  it('derives the key pair of RFC 8032', () => {
    const key = signingKeyFromSeed('ed25519:a_1', Buffer.from(RFC_SEED, 'hex'))
    expect(decodeBase64(key.publicKey)?.toString('hex')).toBe(RFC_PUBLIC)
    expect(key.sign(Buffer.alloc(0)).toString('hex')).toBe(RFC_SIGNATURE)
  })

  it.each(['ed25519', 'ed25519:', 'ed25519:a b', 'rsa:1', 'ed25519:a:b', 'ed25519:"'])(
    'refuses the key ID %j',
    (keyId) => {
      expect(() => signingKeyFromSeed(keyId, Buffer.alloc(32))).toThrow(TypeError)
    },
  )

  it.each([0, 31, 33, 64])('refuses a seed of %d bytes', (length) => {
    expect(() => signingKeyFromSeed('ed25519:1', Buffer.alloc(length))).toThrow(TypeError)
  })
})

describe('publicKeyFromBase64', () => {
  it.each(['', 'AAAA', '§', 'A'.repeat(44)])('refuses %j', (text) => {
    expect(publicKeyFromBase64(text)).toBeUndefined()
  })
})

describe('signing key files', () => {
  const seed = Buffer.from(RFC_SEED, 'hex')
  const line = 'ed25519 a_AbCd nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A\n'

  it('are written in the format other homeservers read', () => {
    expect(encodeSigningKeyFile('ed25519:a_AbCd', seed)).toBe(line)
  })

  it.each([
    line,
    line.trim(),
    `\n${line}`,
    line.replace('\n', '=\r\n'),
    `${line}ed25519 old AAAA\n`,
  ])('are read: %j', (text) => {
    const key = decodeSigningKeyFile(text)
    expect(key.keyId).toBe('ed25519:a_AbCd')
    expect(decodeBase64(key.publicKey)?.toString('hex')).toBe(RFC_PUBLIC)
  })

  it.each(['', 'ed25519', 'ed25519 a', 'rsa a AAAA', 'ed25519 a AAAA', 'ed25519 a §', `x ${line}`])(
    'are refused: %j',
    (text) => {
      expect(() => decodeSigningKeyFile(text)).toThrow(TypeError)
    },
  )
})
