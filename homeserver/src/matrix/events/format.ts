import { badJson, tooLarge } from '../errors.ts'
import { isEventId, isRoomId, isUserId } from '../ids.ts'
import { isJsonObject, own } from '../json.ts'
import type { JsonObject } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { canonicalJson } from './canonical-json.ts'
import type { Pdu } from './pdu.ts'

/** Bytes of an event's canonical JSON in federation form, signatures included. */
const MAX_EVENT_BYTES = 65_536
/** Bytes of type, state_key, sender, room_id and event_id. */
const MAX_FIELD_BYTES = 255
const MAX_PREV_EVENTS = 20
const MAX_AUTH_EVENTS = 10

/**
 * Whether an object is an event in the format of the room version, within the size limits. First check
 * on receipt of an event; hashes, signatures and authorisation come after it.
 * https://spec.matrix.org/v1.19/server-server-api/#checks-performed-on-receipt-of-a-pdu
 * @throws {MatrixError} `M_BAD_JSON`, or `M_TOO_LARGE` with status 413
 */
export function checkEventFormat(pdu: JsonObject, version: RoomVersion): asserts pdu is Pdu {
  const type = requireText(pdu, 'type')
  const sender = requireText(pdu, 'sender')
  if (Object.hasOwn(pdu, 'state_key')) requireText(pdu, 'state_key')
  if (!isUserId(sender)) throw badJson('sender is not a user ID.')
  checkRoomId(pdu, type, version)
  requireObject(pdu, 'content')
  requireObject(pdu, 'signatures')
  requireHash(pdu)
  if (Object.hasOwn(pdu, 'unsigned')) requireObject(pdu, 'unsigned')
  requireInteger(pdu, 'origin_server_ts')
  if (requireInteger(pdu, 'depth') < 0) throw badJson('depth is negative.')
  requireEventIds(pdu, 'prev_events', MAX_PREV_EVENTS)
  requireEventIds(pdu, 'auth_events', MAX_AUTH_EVENTS)
  checkEventSize(canonicalJson(pdu, { strict: version.strictCanonicalJson }))
}

/** @throws {MatrixError} `M_TOO_LARGE` when an event's canonical JSON exceeds 65,536 bytes */
export function checkEventSize(json: string): void {
  // A UTF-16 unit takes at most three bytes: most events need no counting.
  if (json.length * 3 > MAX_EVENT_BYTES && Buffer.byteLength(json) > MAX_EVENT_BYTES) {
    throw tooLarge(`The event is larger than ${MAX_EVENT_BYTES} bytes.`)
  }
}

/**
 * Checks a type, state key or ID that becomes part of an event.
 * @throws {MatrixError} `M_TOO_LARGE` over 255 bytes, `M_BAD_JSON` for NUL and lone surrogates
 */
export function checkField(name: string, value: string): void {
  if (value.length * 3 > MAX_FIELD_BYTES && Buffer.byteLength(value) > MAX_FIELD_BYTES) {
    throw tooLarge(`${name} is longer than ${MAX_FIELD_BYTES} bytes.`)
  }
  if (value.includes('\0')) throw badJson(`${name} holds the character U+0000.`)
  if (!value.isWellFormed()) throw badJson(`${name} holds a lone surrogate.`)
}

function checkRoomId(pdu: JsonObject, type: string, version: RoomVersion): void {
  if (version.roomIdIsCreateHash && type === 'm.room.create') {
    if (Object.hasOwn(pdu, 'room_id')) throw badJson('A create event has no room_id.')
    return
  }
  const roomId = requireText(pdu, 'room_id')
  if (!isRoomId(roomId) || roomId.includes(':') === version.roomIdIsCreateHash) {
    throw badJson(`room_id is not a room ID of room version ${version.id}.`)
  }
}

function requireText(pdu: JsonObject, key: string): string {
  const value = own(pdu, key)
  if (typeof value !== 'string') throw badJson(`${key} must be a string.`)
  checkField(key, value)
  return value
}

function requireObject(pdu: JsonObject, key: string): JsonObject {
  const value = own(pdu, key)
  if (!isJsonObject(value)) throw badJson(`${key} must be an object.`)
  return value
}

function requireInteger(pdu: JsonObject, key: string): number {
  const value = own(pdu, key)
  if (typeof value !== 'number' || !Number.isInteger(value))
    throw badJson(`${key} must be an integer.`)
  return value
}

function requireHash(pdu: JsonObject): void {
  if (typeof own(requireObject(pdu, 'hashes'), 'sha256') !== 'string') {
    throw badJson('hashes must hold a sha256.')
  }
}

function requireEventIds(pdu: JsonObject, key: string, max: number): void {
  const ids = own(pdu, key)
  if (!Array.isArray(ids)) throw badJson(`${key} must be an array.`)
  if (ids.length > max) throw badJson(`${key} has more than ${max} entries.`)
  if (!ids.every((id) => typeof id === 'string' && isEventId(id))) {
    throw badJson(`${key} must hold event IDs.`)
  }
}
