import { clientEventJson } from '#matrix/events/client-form.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { redactContent } from '#matrix/events/redact.ts'
import { isEventId, type EventId } from '#matrix/ids.ts'
import { isJsonObject, own } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import type { StoredEvent } from './types.ts'

/**
 * The client form of a stored event, without `unsigned` and `room_id`: cut out of the stored text
 * without parsing it. A redacted event comes pruned.
 */
export function clientForm(event: StoredEvent, version: RoomVersion): string {
  const contentJson = event.json.slice(event.contentAt, event.contentEnd)
  const redacted = event.redactedBy !== undefined
  return clientEventJson({
    eventId: event.eventId,
    type: event.type,
    sender: event.senderId,
    ts: event.ts,
    stateKey: event.stateKey,
    contentJson: redacted ? prune(event.type, contentJson, version) : contentJson,
    redacts:
      event.type === 'm.room.redaction' && !(redacted && !version.redactsInContent)
        ? redactedId(event, version)
        : undefined,
  })
}

function prune(type: string, contentJson: string, version: RoomVersion): string {
  const content = parseJson(contentJson)
  return JSON.stringify(isJsonObject(content) ? redactContent(type, content, version) : {})
}

function redactedId(event: StoredEvent, version: RoomVersion): EventId | undefined {
  const pdu = parseJson(event.json)
  const holder = isJsonObject(pdu) && version.redactsInContent ? own(pdu, 'content') : pdu
  const id = isJsonObject(holder) ? own(holder, 'redacts') : undefined
  return typeof id === 'string' && isEventId(id) ? id : undefined
}
