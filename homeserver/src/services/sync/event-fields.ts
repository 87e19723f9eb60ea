import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject, type JsonObject } from '#matrix/json.ts'

/** Reduces the text of an event to the fields that a filter asks for. */
export type FieldPicker = (json: string) => string

/** What is below a field, by name; `true`: all of it. */
type Fields = Map<string, Fields | true>

/** Without these it would be no event; a server may give more than was asked for. */
const ALWAYS = ['event_id', 'type', 'sender', 'origin_server_ts', 'state_key']

/**
 * Compiles `event_fields`: properties with their names joined by dots.
 * https://spec.matrix.org/v1.19/appendices/#dot-separated-property-paths
 */
export function fieldPicker(paths: readonly string[]): FieldPicker {
  const fields: Fields = new Map<string, Fields | true>([['content', new Map()]])
  for (const name of ALWAYS) fields.set(name, true)
  for (const path of paths) add(fields, namesIn(path))
  return (json) => {
    const event = parseJson(json)
    return isJsonObject(event) ? JSON.stringify(pick(event, fields)) : json
  }
}

function add(fields: Fields, [first = '', ...rest]: readonly string[]): void {
  const known = fields.get(first)
  if (known === true) return
  if (rest.length === 0) {
    fields.set(first, true)
    return
  }
  const below = known ?? new Map<string, Fields | true>()
  fields.set(first, below)
  add(below, rest)
}

function pick(object: JsonObject, fields: Fields): JsonObject {
  return Object.fromEntries(
    Object.entries(object).flatMap(([name, value]) => {
      const wanted = fields.get(name)
      if (wanted === undefined) return []
      if (wanted === true) return [[name, value]]
      return isJsonObject(value) ? [[name, pick(value, wanted)]] : []
    }),
  )
}

/** A dot or backslash that belongs to a name has a backslash before it. */
function namesIn(path: string): string[] {
  const names: string[] = []
  let name = ''
  for (const [part] of path.matchAll(/\\[.\\]|[^]/gu)) {
    if (part === '.') {
      names.push(name)
      name = ''
    } else name += part.length === 2 && part.startsWith('\\') ? part.slice(1) : part
  }
  return [...names, name]
}
