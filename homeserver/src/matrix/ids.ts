import { z } from 'zod'

declare const brand: unique symbol
type Branded<Name extends string> = string & { readonly [brand]: Name }

/** `localhost`, `example.org:8448`, `1.2.3.4`, `[::1]:8448` */
export type ServerName = Branded<'ServerName'>
/** `@localpart:server` */
export type UserId = Branded<'UserId'>
/** `!opaque:server`; from room version 12 `!hash` */
export type RoomId = Branded<'RoomId'>
/** `$opaque:server` in room versions 1 and 2, `$hash` later */
export type EventId = Branded<'EventId'>
/** `#alias:server` */
export type RoomAlias = Branded<'RoomAlias'>
/** Opaque, chosen by client or server */
export type DeviceId = Branded<'DeviceId'>

const SERVER_NAME =
  /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[0-9A-Fa-f:.]{2,45}\]|[0-9A-Za-z.-]{1,255})(?::\d{1,5})?$/
/** What the server accepts for users made today. */
const LOCALPART = /^[a-z0-9._=/+-]+$/
/** What the server must accept from history: any character but NUL and colon. */
const HISTORICAL_LOCALPART = /^[^\0:]*$/u
const OPAQUE = /^[^\0:]+$/u
const HASH = /^[A-Za-z0-9_-]{43}$/

const byteLength = (text: string): number => Buffer.byteLength(text, 'utf8')

/** True when the text has a surrogate without its partner, which UTF-8 cannot carry. */
export const hasLoneSurrogate = (text: string): boolean => !text.isWellFormed()

/**
 * Splits `<sigil>localpart:server`. Returns undefined unless the identifier is at most 255 bytes,
 * well-formed and its server name follows the grammar.
 */
function splitId(id: string, sigil: string): { localpart: string; server: string } | undefined {
  if (!id.startsWith(sigil) || byteLength(id) > 255 || hasLoneSurrogate(id)) return undefined
  const colon = id.indexOf(':')
  if (colon < 0) return undefined
  const localpart = id.slice(1, colon)
  const server = id.slice(colon + 1)
  return isServerName(server) ? { localpart, server } : undefined
}

/** https://spec.matrix.org/v1.19/appendices/#server-name */
export function isServerName(text: string): text is ServerName {
  return byteLength(text) <= 255 && SERVER_NAME.test(text)
}

/** A user ID as old events may carry it. https://spec.matrix.org/v1.19/appendices/#user-identifiers */
export function isUserId(text: string): text is UserId {
  const parts = splitId(text, '@')
  return parts !== undefined && HISTORICAL_LOCALPART.test(parts.localpart)
}

/** A localpart that a new account may have. */
export function isLocalpart(text: string): boolean {
  return LOCALPART.test(text)
}

/** https://spec.matrix.org/v1.19/appendices/#room-ids */
export function isRoomId(text: string): text is RoomId {
  if (text.startsWith('!') && HASH.test(text.slice(1))) return true
  const parts = splitId(text, '!')
  return parts !== undefined && OPAQUE.test(parts.localpart)
}

/** https://spec.matrix.org/v1.19/appendices/#event-ids */
export function isEventId(text: string): text is EventId {
  if (!text.startsWith('$') || byteLength(text) > 255 || hasLoneSurrogate(text)) return false
  if (/^\$[A-Za-z0-9_/+-]{43}$/.test(text)) return true
  const parts = splitId(text, '$')
  return parts !== undefined && OPAQUE.test(parts.localpart)
}

/** https://spec.matrix.org/v1.19/appendices/#room-aliases */
export function isRoomAlias(text: string): text is RoomAlias {
  const parts = splitId(text, '#')
  return parts !== undefined && OPAQUE.test(parts.localpart)
}

/** A device ID that can be stored and put into a key ID: 1 to 255 bytes, no NUL. */
export function isDeviceId(text: string): text is DeviceId {
  return text !== '' && byteLength(text) <= 255 && !text.includes('\0') && !hasLoneSurrogate(text)
}

/** zod parsers for endpoint declarations; what they return carries the brand. */
export const serverName = z.string().refine(isServerName, 'Not a server name')
export const userId = z.string().refine(isUserId, 'Not a user ID')
export const roomId = z.string().refine(isRoomId, 'Not a room ID')
export const eventId = z.string().refine(isEventId, 'Not an event ID')
export const roomAlias = z.string().refine(isRoomAlias, 'Not a room alias')
export const deviceId = z.string().refine(isDeviceId, 'Not a device ID')

/** The server part of a user ID, room alias or old room ID; undefined for a version 12 room ID. */
export function serverOf(id: UserId | RoomAlias): ServerName
export function serverOf(id: RoomId | EventId): ServerName | undefined
export function serverOf(id: string): ServerName | undefined {
  const colon = id.indexOf(':')
  const server = colon < 0 ? '' : id.slice(colon + 1)
  return isServerName(server) ? server : undefined
}

/** The localpart of a user ID or alias, without its sigil. */
export function localpartOf(id: UserId | RoomAlias): string {
  return id.slice(1, id.indexOf(':'))
}

/**
 * Parses or throws.
 * @throws {TypeError} when the text does not follow the grammar; for input use the zod parsers.
 */
export function parseUserId(text: string): UserId {
  if (!isUserId(text)) throw new TypeError(`Not a user ID: ${text}`)
  return text
}

/** @throws {TypeError} see {@link parseUserId} */
export function parseRoomId(text: string): RoomId {
  if (!isRoomId(text)) throw new TypeError(`Not a room ID: ${text}`)
  return text
}

/** @throws {TypeError} see {@link parseUserId} */
export function parseRoomAlias(text: string): RoomAlias {
  if (!isRoomAlias(text)) throw new TypeError(`Not a room alias: ${text}`)
  return text
}

/** @throws {TypeError} see {@link parseUserId} */
export function parseEventId(text: string): EventId {
  if (!isEventId(text)) throw new TypeError(`Not an event ID: ${text}`)
  return text
}

/** @throws {TypeError} see {@link parseUserId} */
export function parseServerName(text: string): ServerName {
  if (!isServerName(text)) throw new TypeError(`Not a server name: ${text}`)
  return text
}

/** @throws {TypeError} see {@link parseUserId} */
export function parseDeviceId(text: string): DeviceId {
  if (!isDeviceId(text)) throw new TypeError(`Not a device ID: ${text}`)
  return text
}
