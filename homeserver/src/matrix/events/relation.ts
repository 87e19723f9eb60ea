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

/** Longer names of relation types are nobody's. */
const MAX_TYPE_BYTES = 255

/**
 * The relation under which a server finds an event by what it relates to; undefined for one that
 * breaks the rules of its type on the face of it.
 * https://spec.matrix.org/v1.19/client-server-api/#validity-of-replacement-events
 */
export function keptRelation(event: {
  readonly type: string
  readonly stateKey: string | undefined
  readonly content: JsonObject
}): Relation | undefined {
  const relation = relationOf(event.content)
  if (relation === undefined || !isStorable(relation.type)) return undefined
  if (relation.type !== 'm.replace') return relation
  // the new content of an encrypted event is encrypted with it
  const hasNew =
    event.type === 'm.room.encrypted' || isJsonObject(own(event.content, 'm.new_content'))
  return event.stateKey === undefined && hasNew ? relation : undefined
}

const isStorable = (type: string): boolean =>
  !type.includes('\0') && Buffer.byteLength(type) <= MAX_TYPE_BYTES
