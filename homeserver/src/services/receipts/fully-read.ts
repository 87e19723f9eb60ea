import { parseJson } from '#matrix/events/parse-json.ts'
import type { EventId } from '#matrix/ids.ts'
import { isEventId } from '#matrix/ids.ts'
import { isJsonObject, own } from '#matrix/json.ts'

/** Content of `m.fully_read`. https://spec.matrix.org/v1.19/client-server-api/#mfully_read */
export function fullyReadContent(eventId: EventId): string {
  return JSON.stringify({ event_id: eventId })
}

/** The marked event; undefined when the marker was deleted. */
export function fullyReadEventId(content: string): EventId | undefined {
  const parsed = parseJson(content)
  const eventId = isJsonObject(parsed) ? own(parsed, 'event_id') : undefined
  return typeof eventId === 'string' && isEventId(eventId) ? eventId : undefined
}
