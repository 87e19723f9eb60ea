import { createPublicKey, verify } from 'node:crypto'
import { CanonicalJsonError, canonicalJson } from '../events/canonical-json.ts'
import { isJsonObject, own } from '../json.ts'
import type { JsonObject, JsonValue } from '../json.ts'

/** Keys, and signatures, that are looked at: real ones number one or two, and each pair costs a check. */
const MAX_CANDIDATES = 16
const KEY_BYTES = 32
const SIGNATURE_BYTES = 64

/**
 * Whether any Ed25519 signature of the `signed` block matches any public key of the
 * `m.room.third_party_invite` event, whatever server names and key IDs they stand under. At most 16
 * signatures and 16 keys are tried.
 * https://spec.matrix.org/v1.19/server-server-api/#verifying-the-invite
 */
export function isSignedByInviteKey(signed: JsonObject, invite: JsonObject): boolean {
  const message = signedMessage(signed)
  if (message === undefined) return false
  const keys = inviteKeys(invite)
  return signaturesOf(signed).some((signature) =>
    keys.some((key) => verifyEd25519(message, key, signature)),
  )
}

/** The canonical form that was signed; undefined when the block has none. */
function signedMessage(signed: JsonObject): Buffer | undefined {
  const covered = Object.entries(signed).filter(
    ([key]) => key !== 'signatures' && key !== 'unsigned',
  )
  try {
    return Buffer.from(canonicalJson(Object.fromEntries(covered), { strict: true }))
  } catch (error) {
    if (error instanceof CanonicalJsonError) return undefined
    throw error
  }
}

function inviteKeys(invite: JsonObject): Buffer[] {
  const list = own(invite, 'public_keys')
  const entries = Array.isArray(list) ? list.slice(0, MAX_CANDIDATES) : []
  const listed = entries.map((entry) =>
    isJsonObject(entry) ? own(entry, 'public_key') : undefined,
  )
  return decodeAll([own(invite, 'public_key'), ...listed], KEY_BYTES)
}

function signaturesOf(signed: JsonObject): Buffer[] {
  const signatures = own(signed, 'signatures')
  if (!isJsonObject(signatures)) return []
  const texts = Object.values(signatures).flatMap((byKey) =>
    isJsonObject(byKey)
      ? Object.entries(byKey).flatMap(([id, text]) => (id.startsWith('ed25519:') ? [text] : []))
      : [],
  )
  return decodeAll(texts, SIGNATURE_BYTES)
}

/** Decodes unpadded Base64 of either alphabet; what is no text of the right length is left out. */
function decodeAll(texts: Array<JsonValue | undefined>, length: number): Buffer[] {
  return texts
    .filter((text) => typeof text === 'string')
    .map((text) => Buffer.from(text, 'base64'))
    .filter((bytes) => bytes.length === length)
    .slice(0, MAX_CANDIDATES)
}

function verifyEd25519(message: Buffer, key: Buffer, signature: Buffer): boolean {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: key.toString('base64url') }
  return verify(null, message, createPublicKey({ key: jwk, format: 'jwk' }), signature)
}
