import { verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { CanonicalJsonError, canonicalJson } from '../events/canonical-json.ts'
import { without } from '../events/hashes.ts'
import { publicKeyFromBase64 } from '../events/signing-key.ts'
import { isJsonObject, own } from '../json.ts'
import type { JsonObject } from '../json.ts'

/** Keys, and signatures, that are looked at: real ones number one or two, and each pair costs a check. */
const MAX_CANDIDATES = 16

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
    keys.some((key) => verify(null, message, key, signature)),
  )
}

/** The canonical form that was signed; undefined when the block has none. */
function signedMessage(signed: JsonObject): Buffer | undefined {
  try {
    return Buffer.from(canonicalJson(without(signed, ['signatures', 'unsigned']), { strict: true }))
  } catch (error) {
    if (error instanceof CanonicalJsonError) return undefined
    throw error
  }
}

function inviteKeys(invite: JsonObject): KeyObject[] {
  const list = own(invite, 'public_keys')
  const entries = Array.isArray(list) ? list.slice(0, MAX_CANDIDATES) : []
  const listed = entries.map((entry) =>
    isJsonObject(entry) ? own(entry, 'public_key') : undefined,
  )
  return [own(invite, 'public_key'), ...listed]
    .filter((text) => typeof text === 'string')
    .map((text) => publicKeyFromBase64(standardAlphabet(text)))
    .filter((key) => key !== undefined)
    .slice(0, MAX_CANDIDATES)
}

/** Identity servers write their keys in either alphabet. */
function standardAlphabet(base64: string): string {
  return base64.replaceAll('-', '+').replaceAll('_', '/')
}

function signaturesOf(signed: JsonObject): Buffer[] {
  const signatures = own(signed, 'signatures')
  if (!isJsonObject(signatures)) return []
  return Object.values(signatures)
    .filter(isJsonObject)
    .flatMap((byKey) => Object.entries(byKey))
    .filter(([keyId]) => keyId.startsWith('ed25519:'))
    .map(([, text]) => text)
    .filter((text) => typeof text === 'string')
    .slice(0, MAX_CANDIDATES)
    .map((text) => Buffer.from(text, 'base64'))
}
