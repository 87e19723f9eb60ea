import { hash } from 'node:crypto'
import { unpadded } from '../base64.ts'
import { parseEventId, parseRoomId } from '../ids.ts'
import type { EventId, RoomId } from '../ids.ts'
import type { JsonObject } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { canonicalJson } from './canonical-json.ts'
import type { Pdu } from './pdu.ts'
import { redact } from './redact.ts'

/** SHA-256 of a text's UTF-8 bytes, as unpadded base64. */
export function sha256Base64(text: string): string {
  return unpadded(hash('sha256', text, 'base64'))
}

/**
 * Hash over the whole event, what redaction removes included: the value for `hashes.sha256`.
 * https://spec.matrix.org/v1.19/server-server-api/#calculating-the-content-hash-for-an-event
 * @throws {CanonicalJsonError} for values that have no canonical JSON
 */
export function contentHash(pdu: Pdu): string {
  return sha256Base64(canonicalJson(without(pdu, ['hashes', 'signatures', 'unsigned'])))
}

/**
 * Hash over what redaction keeps, in the base64 alphabet of the room version's event IDs.
 * https://spec.matrix.org/v1.19/server-server-api/#calculating-the-reference-hash-for-an-event
 * @throws {CanonicalJsonError} for values that have no canonical JSON
 */
export function referenceHash(pdu: Pdu, version: RoomVersion): string {
  return referenceHashOf(
    canonicalJson(without(redact(pdu, version), ['signatures', 'unsigned'])),
    version,
  )
}

/** The reference hash of an event whose redacted form without signatures is already canonical JSON. */
export function referenceHashOf(redactedJson: string, version: RoomVersion): string {
  const standard = sha256Base64(redactedJson)
  return version.eventIdBase64 === 'standard'
    ? standard
    : standard.replaceAll('+', '-').replaceAll('/', '_')
}

/** https://spec.matrix.org/v1.19/rooms/v4/#event-ids */
export function eventIdOf(pdu: Pdu, version: RoomVersion): EventId {
  return parseEventId(`$${referenceHash(pdu, version)}`)
}

/** The ID of a room of version 12 or later. https://spec.matrix.org/v1.19/rooms/v12/#room-ids */
export function roomIdOfCreate(createEventId: EventId): RoomId {
  return parseRoomId(`!${createEventId.slice(1)}`)
}

/** A copy without some keys. */
export function without(object: Readonly<JsonObject>, keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)))
}
