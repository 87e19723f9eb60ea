import { types } from 'pg'

const INT8 = 20

type Parse = (text: string) => unknown

/**
 * Result parsers of every connection. int8 becomes a number: positions, keys and timestamps stay
 * below 2^53, and a value beyond fails its query instead of being rounded. The rest is pg's own.
 */
export const resultTypes = {
  getTypeParser(oid: number, format?: 'text' | 'binary'): Parse {
    if (oid === INT8) return parseInt8
    return types.getTypeParser(oid, format) as Parse
  },
}

/** @throws {RangeError} beyond ±(2^53 - 1) */
function parseInt8(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`int8 out of range: ${text}`)
  return value
}
