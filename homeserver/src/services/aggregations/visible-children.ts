import type { StoredEvent, UserKey } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { keptRelation, type Relation } from '#matrix/events/relation.ts'
import { isJsonObject } from '#matrix/json.ts'
import type { Aggregate, ThreadAggregate } from './types.ts'

/** An event that relates to another. */
export interface Child {
  readonly event: StoredEvent
  readonly relation: Relation
}

/** What a stored event relates to. */
export function relationOfStored(event: StoredEvent): Relation | undefined {
  const content = parseJson(event.json.slice(event.contentAt, event.contentEnd))
  if (!isJsonObject(content)) return undefined
  return keptRelation({ type: event.type, stateKey: event.stateKey, content })
}

/** Sums up those children of an event that were found to be visible, as the database does for all. */
export function aggregateOf(
  parent: StoredEvent,
  children: readonly Child[],
  user: UserKey,
): Aggregate {
  const related = children.filter(({ relation }) => relation.eventId === parent.eventId)
  const ofType = (type: string) =>
    related
      .filter(({ relation }) => relation.type === type)
      .map(({ event }) => event)
      .sort((a, b) => a.depth - b.depth || a.pos - b.pos)
  return {
    edit: newestEdit(parent, ofType('m.replace')),
    thread: threadOf(parent, ofType('m.thread'), user),
    references: ofType('m.reference').map(({ eventId }) => eventId),
  }
}

function newestEdit(parent: StoredEvent, edits: readonly StoredEvent[]): StoredEvent | undefined {
  if (parent.redactedBy !== undefined || relationOfStored(parent)?.type === 'm.replace') {
    return undefined
  }
  return edits
    .filter(({ sender, type }) => sender === parent.sender && type === parent.type)
    .sort((a, b) => a.ts - b.ts || (a.eventId < b.eventId ? -1 : 1))
    .at(-1)
}

function threadOf(
  root: StoredEvent,
  events: readonly StoredEvent[],
  user: UserKey,
): ThreadAggregate | undefined {
  const latest = events.at(-1)
  if (latest === undefined) return undefined
  const participated = root.sender === user || events.some(({ sender }) => sender === user)
  return { latest, count: events.length, participated }
}
