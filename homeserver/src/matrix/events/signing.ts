import { verify } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { decodeBase64, encodeBase64 } from '../base64.ts'
import type { ServerName } from '../ids.ts'
import { isJsonObject, own } from '../json.ts'
import type { JsonObject } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { canonicalJson } from './canonical-json.ts'
import { contentHash, without } from './hashes.ts'
import type { Pdu } from './pdu.ts'
import { redact } from './redact.ts'
import type { SigningKey } from './signing-key.ts'

/** Signs a text's UTF-8 bytes; the signature as unpadded base64. */
export function signText(text: string, key: SigningKey): string {
  return encodeBase64(key.sign(Buffer.from(text)))
}

/**
 * A copy of the object with one more signature. `signatures` and `unsigned` are not signed.
 * https://spec.matrix.org/v1.19/appendices/#signing-json
 * @throws {CanonicalJsonError} for values that have no canonical JSON
 */
export function signJson(
  object: Readonly<JsonObject>,
  serverName: ServerName,
  key: SigningKey,
): JsonObject {
  const signature = signText(signedText(object), key)
  return { ...object, signatures: withSignature(object, serverName, key.keyId, signature) }
}

/**
 * A copy of the event with one more signature, which covers what redaction keeps. `hashes` must be
 * there already.
 * https://spec.matrix.org/v1.19/server-server-api/#adding-hashes-and-signatures-to-outgoing-events
 */
export function signEvent(
  pdu: Pdu,
  serverName: ServerName,
  key: SigningKey,
  version: RoomVersion,
): Pdu {
  const signature = signText(signedText(redact(pdu, version)), key)
  return { ...pdu, signatures: withSignature(pdu, serverName, key.keyId, signature) }
}

/**
 * True when the object carries a valid signature of that server made by that key.
 * https://spec.matrix.org/v1.19/appendices/#checking-for-a-signature
 */
export function verifyJson(
  object: Readonly<JsonObject>,
  serverName: string,
  keyId: string,
  publicKey: KeyObject,
): boolean {
  const signature = signatureOf(object, serverName, keyId)
  return (
    signature !== undefined && verify(null, Buffer.from(signedText(object)), publicKey, signature)
  )
}

/** {@link verifyJson} for events: checks the redacted form. */
export function verifyEvent(
  pdu: Pdu,
  serverName: string,
  keyId: string,
  publicKey: KeyObject,
  version: RoomVersion,
): boolean {
  return verifyJson(redact(pdu, version), serverName, keyId, publicKey)
}

/** False when the event differs from what its sender hashed: then only its redacted form counts. */
export function checkContentHash(pdu: Pdu): boolean {
  const hashes = own(pdu, 'hashes')
  const sha256 = isJsonObject(hashes) ? own(hashes, 'sha256') : undefined
  const bytes = typeof sha256 === 'string' ? decodeBase64(sha256) : undefined
  return bytes !== undefined && encodeBase64(bytes) === contentHash(pdu)
}

const signedText = (object: Readonly<JsonObject>): string =>
  canonicalJson(without(object, ['signatures', 'unsigned']))

function signatureOf(
  object: Readonly<JsonObject>,
  serverName: string,
  keyId: string,
): Buffer | undefined {
  const ofServer = own(jsonObjectIn(object, 'signatures'), serverName)
  const base64 = isJsonObject(ofServer) ? own(ofServer, keyId) : undefined
  return typeof base64 === 'string' ? decodeBase64(base64) : undefined
}

function withSignature(
  object: Readonly<JsonObject>,
  serverName: ServerName,
  keyId: string,
  signature: string,
): JsonObject {
  const signatures = jsonObjectIn(object, 'signatures')
  const ofServer = jsonObjectIn(signatures, serverName)
  return { ...signatures, [serverName]: { ...ofServer, [keyId]: signature } }
}

function jsonObjectIn(object: Readonly<JsonObject>, key: string): JsonObject {
  const value = own(object, key)
  return isJsonObject(value) ? value : {}
}
