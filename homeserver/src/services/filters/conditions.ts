import type { StoredEvent } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject } from '#matrix/json.ts'
import type { EventFilter } from './schema.ts'
import { typePattern } from './type-pattern.ts'

/** Whether a type passes `types` and `not_types`. */
export function typeTest({ types, not_types: notTypes }: EventFilter): (type: string) => boolean {
  const wanted = types?.map(typePattern)
  const unwanted = notTypes?.map(typePattern) ?? []
  return (type) =>
    (wanted === undefined || wanted.some((matches) => matches(type))) &&
    !unwanted.some((matches) => matches(type))
}

/** Whether an id is in `wanted` (undefined: any) and not in `unwanted`, as senders and rooms are picked. */
export function listTest<Id extends string>(
  wanted: readonly Id[] | undefined,
  unwanted: readonly Id[] = [],
): (id: Id) => boolean {
  const only = wanted === undefined ? undefined : new Set(wanted)
  const not = new Set(unwanted)
  return (id) => (only === undefined || only.has(id)) && !not.has(id)
}

/** What `contains_url` asks for. */
export function hasUrl(event: StoredEvent): boolean {
  const content = event.json.slice(event.contentAt, event.contentEnd)
  if (!content.includes('"url"')) return false
  const parsed = parseJson(content)
  return isJsonObject(parsed) && Object.hasOwn(parsed, 'url')
}
