/** A JSON value as `JSON.parse` returns it. */
export type JsonValue = string | number | boolean | null | JsonValue[] | JsonObject

/** A JSON object. Foreign keys (`__proto__` included) are own properties; never copy one by assignment. */
export type JsonObject = { [key: string]: JsonValue }

/** True when the value is a JSON object (not null, not an array). */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/**
 * Own property of a foreign object. Never reads the prototype chain, so a key such as
 * `constructor` or `__proto__` is answered from the data alone.
 */
export function own(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined
}
