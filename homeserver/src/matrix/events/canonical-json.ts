import { MatrixError } from '../errors.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { compareCodePoints } from './code-points.ts'

/** A value that canonical JSON cannot carry. Answered with 400 `M_BAD_JSON` when it came from a client. */
export class CanonicalJsonError extends MatrixError {
  constructor(message: string) {
    super(400, 'M_BAD_JSON', message)
    this.name = 'CanonicalJsonError'
  }
}

/** Arrays and objects inside one another; bounds the recursion, far beyond what any real event has. */
const MAX_NESTING = 500

/** Nothing to escape and no surrogate: such a text stands between quotes as it is. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/

/**
 * The shortest JSON text of a value, keys ordered by Unicode code point.
 * With `strict` (room version 6 and later, everything signed) numbers must be integers within
 * ±(2^53 - 1) and not `-0`.
 * https://spec.matrix.org/v1.19/appendices/#canonical-json
 * @throws {CanonicalJsonError} for lone surrogates, values that are not JSON, nesting deeper than
 *   500 and, with `strict`, bad numbers.
 */
export function canonicalJson(value: JsonValue, options: { strict?: boolean } = {}): string {
  return write(value, options.strict === true, 0)
}

function write(value: JsonValue, strict: boolean, depth: number): string {
  switch (typeof value) {
    case 'string':
      return canonicalString(value)
    case 'number':
      return writeNumber(value, strict)
    case 'boolean':
      return value ? 'true' : 'false'
    case 'object':
      if (value === null) return 'null'
      if (depth >= MAX_NESTING) throw new CanonicalJsonError('The JSON is nested too deeply.')
      return Array.isArray(value)
        ? writeArray(value, strict, depth + 1)
        : writeObject(value, strict, depth + 1)
    default:
      throw new CanonicalJsonError('The value cannot be written as JSON.')
  }
}

/** @throws {CanonicalJsonError} for lone surrogates */
export function canonicalString(text: string): string {
  if (PLAIN.test(text)) return `"${text}"`
  if (!text.isWellFormed()) throw new CanonicalJsonError('A string holds a lone surrogate.')
  return JSON.stringify(text)
}

function writeNumber(value: number, strict: boolean): string {
  if (!Number.isFinite(value) || (strict && !isCanonicalInteger(value))) {
    throw new CanonicalJsonError('Numbers must be integers between -(2^53 - 1) and 2^53 - 1.')
  }
  return JSON.stringify(value)
}

const isCanonicalInteger = (value: number): boolean =>
  Number.isSafeInteger(value) && !Object.is(value, -0)

function writeArray(items: JsonValue[], strict: boolean, depth: number): string {
  let text = '['
  for (let index = 0; index < items.length; index++) {
    const item = items[index]
    if (item === undefined) throw new CanonicalJsonError('The value cannot be written as JSON.')
    if (index > 0) text += ','
    text += write(item, strict, depth)
  }
  return text + ']'
}

function writeObject(object: JsonObject, strict: boolean, depth: number): string {
  const keys = Object.keys(object)
  let plain = true
  for (const key of keys) plain &&= PLAIN.test(key)
  // UTF-16 order, which sort() and < follow, differs from code point order only above U+FFFF.
  if (!plain) keys.sort(compareCodePoints)
  else if (!isSorted(keys)) keys.sort()
  let text = '{'
  for (const key of keys) {
    const value = object[key]
    if (value === undefined) throw new CanonicalJsonError('The value cannot be written as JSON.')
    if (text.length > 1) text += ','
    text += (plain ? `"${key}"` : canonicalString(key)) + ':' + write(value, strict, depth)
  }
  return text + '}'
}

function isSorted(keys: string[]): boolean {
  let previous = ''
  for (const key of keys) {
    if (key < previous) return false
    previous = key
  }
  return true
}
