import type { JsonValue } from '../json.ts'
import { CanonicalJsonError } from './canonical-json.ts'
import { hasEscapedKey, parseByTokens } from './escaped-keys.ts'

/**
 * JSON.parse with its type and without its fault in reading escaped keys. Own keys named `__proto__`
 * stay own keys, the last of duplicate keys wins.
 * @throws {SyntaxError} when the text is not JSON
 */
export function parseJson(text: string): JsonValue {
  const value = parse(text)
  return hasEscapedKey(text) ? parseByTokens(text) : value
}

/** JSON.parse answers `any`; what it can answer is known. */
const parse: (text: string) => JsonValue = JSON.parse

/**
 * Parses JSON that has to be canonical when it is written again: refuses the numbers that JSON.parse
 * would silently change.
 * @throws {SyntaxError} when the text is not JSON
 * @throws {CanonicalJsonError} for floats, exponents, `-0` and integers beyond ±(2^53 - 1)
 */
export function parseStrictJson(text: string): JsonValue {
  const value = parseJson(text)
  const bad = findBadNumber(text)
  if (bad !== undefined) {
    throw new CanonicalJsonError(`Not an integer between -(2^53 - 1) and 2^53 - 1: ${bad}`)
  }
  return value
}

/** A number as it stands after a separator, that may be bad. Also hits texts such as "costs 1.5". */
const SUSPICIOUS = /(?:^|[\s:,[])(?:-0|-?(?:\d+[.eE]|\d{16}))/
/** Strings and numbers of a valid JSON text; what lies between them is of no interest. */
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d[\d.eE+-]*/g

/**
 * The first number in a *valid* JSON text that canonical JSON does not allow, as it is written there.
 * A text without anything suspicious costs one pass of a regular expression.
 */
export function findBadNumber(text: string): string | undefined {
  if (!SUSPICIOUS.test(text)) return undefined
  for (const [token] of text.matchAll(STRING_OR_NUMBER)) {
    if (!token.startsWith('"') && !isCanonicalNumber(token)) return token.slice(0, 40)
  }
  return undefined
}

const isCanonicalNumber = (token: string): boolean =>
  /^-?\d+$/.test(token) && token !== '-0' && Number.isSafeInteger(Number(token))
