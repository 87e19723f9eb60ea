import { createPrivateKey, createPublicKey, sign } from 'node:crypto'
import { createRequire } from 'node:module'

/** Makes the 64-byte signature of a message. */
export type Ed25519Signer = (message: Uint8Array) => Buffer

const SEED_BYTES = 32
const PUBLIC_KEY_BYTES = 32
const SECRET_KEY_BYTES = 64
const SIGNATURE_BYTES = 64
/** DER up to the raw key, RFC 8410. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex')

/** What is used of libsodium. https://doc.libsodium.org/public-key_cryptography/public-key_signatures */
interface Sodium {
  crypto_sign_seed_keypair(publicKey: Buffer, secretKey: Buffer, seed: Buffer): void
  crypto_sign_detached(signature: Buffer, message: Uint8Array, secretKey: Buffer): void
}

/** Undefined where no build of it fits the machine: musl, rare processors. */
function loadSodium(): Sodium | undefined {
  try {
    const require = createRequire(import.meta.url)
    const found: unknown = require('sodium-native')
    return isSodium(found) ? found : undefined
  } catch {
    return undefined
  }
}

const isSodium = (found: unknown): found is Sodium =>
  typeof found === 'object' &&
  found !== null &&
  'crypto_sign_seed_keypair' in found &&
  'crypto_sign_detached' in found

/** An Ed25519 key pair that signs with node:crypto. */
export function nodeKeyPair(seed: Buffer): { publicKey: Buffer; sign: Ed25519Signer } {
  const der = Buffer.concat([PKCS8_PREFIX, seed])
  const privateKey = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' })
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' })
  return {
    publicKey: spki.subarray(-PUBLIC_KEY_BYTES),
    sign: (message) => sign(null, message, privateKey),
  }
}

function sodiumKeyPair(sodium: Sodium, seed: Buffer) {
  const publicKey = Buffer.alloc(PUBLIC_KEY_BYTES)
  const secretKey = Buffer.alloc(SECRET_KEY_BYTES)
  sodium.crypto_sign_seed_keypair(publicKey, secretKey, seed)
  const signer: Ed25519Signer = (message) => {
    const signature = Buffer.allocUnsafe(SIGNATURE_BYTES)
    sodium.crypto_sign_detached(signature, message, secretKey)
    return signature
  }
  return { publicKey, sign: signer }
}

/**
 * The Ed25519 key pair of a 32-byte seed. libsodium signs in half the time that node:crypto takes, and
 * every message is signed; where it cannot be loaded node:crypto makes the same signatures.
 * @throws {TypeError} for another length
 */
export function ed25519KeyPair(seed: Buffer): { publicKey: Buffer; sign: Ed25519Signer } {
  if (seed.length !== SEED_BYTES) throw new TypeError('An Ed25519 seed has 32 bytes.')
  const sodium = loadSodium()
  return sodium === undefined ? nodeKeyPair(seed) : sodiumKeyPair(sodium, seed)
}
