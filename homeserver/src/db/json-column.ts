import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '#matrix/json.ts'

/**
 * Reads a text column that this server filled with a JSON object.
 * @throws {TypeError} when somebody else did
 */
export function readJsonMap(text: string): Map<string, JsonValue> {
  const value = parseJson(text)
  if (!isJsonObject(value)) throw new TypeError('A column does not hold the JSON object it should')
  return new Map(Object.entries(value))
}

/** The inverse of {@link readJsonMap}. */
export function writeJsonMap(map: ReadonlyMap<string, JsonValue>): string {
  const object: JsonObject = Object.fromEntries(map)
  return JSON.stringify(object)
}
