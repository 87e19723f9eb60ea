import { EventFlag, type StoredEvent } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject, own, type JsonObject, type JsonValue } from '#matrix/json.ts'

/** What of an event is searched, by the numbers under which the index knows it. */
export const KEYS = { 'content.body': 1, 'content.name': 2, 'content.topic': 3 } as const

/** What can be searched, by the names of the specification. */
export const SEARCH_KEYS = ['content.body', 'content.name', 'content.topic'] as const
export type SearchKey = (typeof SEARCH_KEYS)[number]

/** The only types that have something to search. */
export const TYPE_OF_KEY = {
  'content.body': 'm.room.message',
  'content.name': 'm.room.name',
  'content.topic': 'm.room.topic',
} as const satisfies Record<SearchKey, string>

const HIDDEN = EventFlag.rejected | EventFlag.softFailed | EventFlag.outlier | EventFlag.redacted

/**
 * The text by which an event is found: that of its newest edit, where it has one.
 * https://spec.matrix.org/v1.19/client-server-api/#room_events
 * @returns undefined for an event that is not found at all
 */
export function searchableText(
  event: StoredEvent,
  edit: StoredEvent | undefined,
): { readonly key: SearchKey; readonly text: string } | undefined {
  if ((event.flags & HIDDEN) !== 0 || event.redactedBy !== undefined) return undefined
  const content = contentOf(event)
  const newest = edit === undefined ? undefined : own(contentOf(edit), 'm.new_content')
  const shown = isJsonObject(newest) ? newest : content
  switch (event.type) {
    case TYPE_OF_KEY['content.body']:
      return event.stateKey === undefined ? found('content.body', own(shown, 'body')) : undefined
    case TYPE_OF_KEY['content.name']:
      return event.stateKey === '' ? found('content.name', own(content, 'name')) : undefined
    case TYPE_OF_KEY['content.topic']:
      return event.stateKey === '' ? found('content.topic', topicOf(content)) : undefined
    default:
      return undefined
  }
}

function found(key: SearchKey, text: JsonValue | undefined) {
  return typeof text === 'string' ? { key, text } : undefined
}

/** The plain topic and the plain form of the rich one; mostly the same. */
function topicOf(content: JsonObject): string | undefined {
  const rich = own(content, 'm.topic')
  const forms = isJsonObject(rich) ? own(rich, 'm.text') : undefined
  const plain = Array.isArray(forms) ? forms.filter(isJsonObject).filter(isPlain) : []
  const texts = [own(content, 'topic'), ...plain.map((form) => own(form, 'body'))]
  const known = new Set(texts.filter((text) => typeof text === 'string'))
  return known.size === 0 ? undefined : [...known].join('\n')
}

function isPlain(form: JsonObject): boolean {
  const type = own(form, 'mimetype')
  return type === undefined || type === 'text/plain'
}

function contentOf(event: StoredEvent): JsonObject {
  const content = parseJson(event.json.slice(event.contentAt, event.contentEnd))
  return isJsonObject(content) ? content : {}
}
