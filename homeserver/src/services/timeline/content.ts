import type { StoredEvent } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { redactContent } from '#matrix/events/redact.ts'
import { isJsonObject } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'

/** The text of an event's content, pruned when the event is redacted. */
export function contentJson(event: StoredEvent, version: RoomVersion): string {
  const text = event.json.slice(event.contentAt, event.contentEnd)
  if (event.redactedBy === undefined) return text
  const content = parseJson(text)
  return JSON.stringify(isJsonObject(content) ? redactContent(event.type, content, version) : {})
}
