import { types } from 'pg'

const INT8 = 20

/**
 * Result parsers of every connection. int8 becomes a number: positions, keys and timestamps stay
 * below 2^53, and a value beyond fails its query instead of being rounded. The rest is pg's own.
 */
export const resultTypes: { getTypeParser: typeof types.getTypeParser } = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === INT8 ? parseInt8 : types.getTypeParser(oid, format)) as typeof types.getTypeParser,
}

/** @throws {RangeError} beyond ±(2^53 - 1) */
export function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 out of range: ${text}`)
  return value
}
