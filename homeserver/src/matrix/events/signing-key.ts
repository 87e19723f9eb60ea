import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { decodeBase64, encodeBase64 } from '../base64.ts'
import { ed25519KeyPair, type Ed25519Signer } from './ed25519.ts'

/** An Ed25519 key pair with its name. Made by {@link signingKeyFromSeed}. */
export interface SigningKey {
  /** `ed25519:<version>` */
  readonly keyId: string
  readonly sign: Ed25519Signer
  /** Unpadded base64, as it is published. */
  readonly publicKey: string
}

const PUBLIC_KEY_BYTES = 32
/** DER up to the raw key, RFC 8410. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex')

const KEY_ID = /^ed25519:[A-Za-z0-9_]+$/

/**
 * Makes the key pair that belongs to a 32-byte seed.
 * @param keyId `ed25519:<version>`, the version of letters, digits and `_`
 * @throws {TypeError} for another key ID or length
 */
export function signingKeyFromSeed(keyId: string, seed: Buffer): SigningKey {
  if (!KEY_ID.test(keyId)) throw new TypeError(`Not an ed25519 key ID: ${keyId}`)
  const { publicKey, sign } = ed25519KeyPair(seed)
  return { keyId, sign, publicKey: encodeBase64(publicKey) }
}

/** A published key as node:crypto wants it; undefined when the text is not 32 bytes of base64. */
export function publicKeyFromBase64(text: string): KeyObject | undefined {
  const raw = decodeBase64(text)
  if (raw?.length !== PUBLIC_KEY_BYTES) return undefined
  const der = Buffer.concat([SPKI_PREFIX, raw])
  return createPublicKey({ key: der, format: 'der', type: 'spki' })
}

/** The line of a signing key file, in the format other homeservers use too. */
export function encodeSigningKeyFile(keyId: string, seed: Buffer): string {
  return `${keyId.replace(':', ' ')} ${encodeBase64(seed)}\n`
}

/**
 * Reads a signing key file: `ed25519 <version> <unpadded base64 seed>`. Of several lines the first counts.
 * @throws {TypeError} when the file holds something else
 */
export function decodeSigningKeyFile(text: string): SigningKey {
  const line = text.split('\n').find((candidate) => candidate.trim() !== '') ?? ''
  const [algorithm, version, base64, ...rest] = line.trim().split(/\s+/)
  const seed = base64 === undefined ? undefined : decodeBase64(base64)
  if (algorithm !== 'ed25519' || seed === undefined || rest.length > 0) {
    throw new TypeError('A signing key file holds "ed25519 <version> <base64 seed>".')
  }
  return signingKeyFromSeed(`ed25519:${version}`, seed)
}
