/** Reads one field out of unknown JSON by path; undefined where the path ends early. */
export function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current = value
  for (const step of path) {
    if (typeof current !== 'object' || current === null) return undefined
    current = Reflect.get(current, step)
  }
  return current
}

/** A string at a path. @throws {TypeError} when there is none, naming the path and the value. */
export function stringAt(value: unknown, ...path: readonly (string | number)[]): string {
  const found = at(value, ...path)
  if (typeof found !== 'string') {
    throw new TypeError(`No string at ${path.join('.')}: ${JSON.stringify(value)?.slice(0, 500)}`)
  }
  return found
}

/** A list at a path; empty when there is none. */
export function listAt(value: unknown, ...path: readonly (string | number)[]): unknown[] {
  const found = at(value, ...path)
  return Array.isArray(found) ? found : []
}
