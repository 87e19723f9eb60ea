import type { EventId, RoomId, UserId } from '../ids.ts'
import { isJsonObject } from '../json.ts'
import type { JsonObject } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { parseJson } from './parse-json.ts'
import type { RoomEvent } from './pdu.ts'
import { redactContent } from './redact.ts'

/** What the client form of an event is made of; no part has to be parsed. */
export interface ClientEventParts {
  readonly eventId: EventId
  /** Absent where the surrounding response names the room, as in `/sync`. */
  readonly roomId?: RoomId | undefined
  readonly type: string
  readonly sender: UserId
  /** `origin_server_ts`, milliseconds */
  readonly ts: number
  readonly stateKey?: string | undefined
  /** The text of `content`, cut from the stored event. */
  readonly contentJson: string
  /** The redacted event, wherever the room version keeps it; only `m.room.redaction` has one. */
  readonly redacts?: EventId | undefined
  /** The text of an `unsigned` object. */
  readonly unsignedJson?: string | undefined
}

/**
 * The event as clients get it, as JSON text. A redaction carries `redacts` both at the top level and in
 * `content`, so that clients of either age understand it.
 * https://spec.matrix.org/v1.19/rooms/v11/#moving-the-redacts-property-of-mroomredaction-events-to-a-content-property
 */
export function clientEventJson(parts: ClientEventParts): string {
  const { redacts, roomId, stateKey, unsignedJson } = parts
  let json = `{"content":${redacts === undefined ? parts.contentJson : withRedacts(parts.contentJson, redacts)}`
  json += `,"event_id":${JSON.stringify(parts.eventId)},"origin_server_ts":${parts.ts}`
  if (redacts !== undefined) json += `,"redacts":${JSON.stringify(redacts)}`
  if (roomId !== undefined) json += `,"room_id":${JSON.stringify(roomId)}`
  json += `,"sender":${JSON.stringify(parts.sender)}`
  if (stateKey !== undefined) json += `,"state_key":${JSON.stringify(stateKey)}`
  json += `,"type":${JSON.stringify(parts.type)}`
  if (unsignedJson !== undefined) json += `,"unsigned":${unsignedJson}`
  return json + '}'
}

/**
 * Adds `unsigned` to a client form that was made without it.
 * @param unsignedJson the text of an object
 */
export function spliceUnsigned(clientJson: string, unsignedJson: string): string {
  return `${clientJson.slice(0, -1)},"unsigned":${unsignedJson}}`
}

/**
 * The client form of an event that has been redacted: pruned, with the redaction event as
 * `unsigned.redacted_because`.
 * https://spec.matrix.org/v1.19/client-server-api/#redactions
 * @param parts of the original event; its `unsignedJson`, if any, is kept beside `redacted_because`
 * @param redactedBecause client form of the redaction event
 */
export function redactedClientEventJson(
  parts: ClientEventParts,
  version: RoomVersion,
  redactedBecause: string,
): string {
  const content = parseJson(parts.contentJson)
  const kept = isJsonObject(content) ? redactContent(parts.type, content, version) : {}
  return clientEventJson({
    ...parts,
    contentJson: JSON.stringify(kept),
    redacts: version.redactsInContent ? parts.redacts : undefined,
    unsignedJson: withMember(parts.unsignedJson ?? '{}', 'redacted_because', redactedBecause),
  })
}

/** The stripped form of a state event, as invitations and knocks carry it. */
export interface StrippedState {
  readonly type: string
  readonly state_key: string
  readonly sender: UserId
  readonly content: JsonObject
}

/**
 * https://spec.matrix.org/v1.19/client-server-api/#stripped-state
 * @throws {TypeError} when the event is not a state event
 */
export function stripState(event: RoomEvent): StrippedState {
  if (event.stateKey === undefined) throw new TypeError('Only state events have a stripped form.')
  return {
    type: event.type,
    state_key: event.stateKey,
    sender: event.sender,
    content: event.content,
  }
}

function withRedacts(contentJson: string, redacts: EventId): string {
  // Rarely true in old rooms: someone wrote the key into the content, which must not appear twice.
  if (contentJson.includes('"redacts"')) {
    const content = parseJson(contentJson)
    if (isJsonObject(content)) return JSON.stringify({ ...content, redacts })
  }
  return withMember(contentJson, 'redacts', JSON.stringify(redacts))
}

/** Adds a member to the text of an object that does not have it. */
function withMember(objectJson: string, key: string, valueJson: string): string {
  const comma = objectJson === '{}' ? '' : ','
  return `${objectJson.slice(0, -1)}${comma}${JSON.stringify(key)}:${valueJson}}`
}
