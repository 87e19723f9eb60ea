import { isEventId, type EventId } from '../ids.ts'
import { isJsonObject, own, type JsonObject } from '../json.ts'

/** What an event says it relates to. */
export interface Relation {
  readonly type: string
  readonly eventId: EventId
}

/**
 * `m.relates_to` with a relation type; undefined without one or when it is malformed.
 * https://spec.matrix.org/v1.19/client-server-api/#forming-relationships-between-events
 */
export function relationOf(content: JsonObject): Relation | undefined {
  const relatesTo = own(content, 'm.relates_to')
  if (!isJsonObject(relatesTo)) return undefined
  const type = own(relatesTo, 'rel_type')
  const eventId = own(relatesTo, 'event_id')
  if (typeof type !== 'string' || typeof eventId !== 'string') return undefined
  return isEventId(eventId) ? { type, eventId } : undefined
}
