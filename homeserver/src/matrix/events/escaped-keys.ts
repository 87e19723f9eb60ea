import type { JsonValue } from '../json.ts'

/** Of a *valid* JSON text: whole strings, with the colon that makes them keys. */
const STRING = /"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?/g
/** Of a valid JSON text: strings, brackets, separators, and what else there is. */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[[\]{}:,]|[^\s[\]{}:,"]+/g

/** Whether a valid JSON text writes a key with a backslash. */
export function hasEscapedKey(text: string): boolean {
  if (!text.includes('\\')) return false
  for (const [string, colon] of text.matchAll(STRING)) {
    if (colon !== undefined && string.includes('\\')) return true
  }
  return false
}

/**
 * Parses a *valid* JSON text without trusting JSON.parse with keys. The V8 of Node 24 guesses each key
 * from objects parsed before and compares the guess with the raw text, escapes and all: after
 * `{"k":1,"\\":1}` it reads the second key of `{"k":1,"\n":1}` as a backslash.
 * https://github.com/nodejs/node/issues/63785
 */
export function parseByTokens(text: string): JsonValue {
  /** Members of the open containers; of an object keys and values in turn. The first is the result's. */
  const open: JsonValue[][] = [[]]
  for (const [token] of text.matchAll(TOKEN)) {
    switch (token) {
      case ':':
      case ',':
        break
      case '[':
      case '{':
        open.push([])
        break
      case ']':
      case '}': {
        const members = open.pop() ?? []
        open.at(-1)?.push(token === ']' ? members : toObject(members))
        break
      }
      default:
        open.at(-1)?.push(scalar(token))
    }
  }
  return open[0]?.[0] ?? null
}

/** A text, number or word, which JSON.parse reads rightly when it stands alone. */
function scalar(token: string): JsonValue {
  const value: unknown = JSON.parse(token)
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
    return value
  }
  return null
}

function toObject(members: JsonValue[]): JsonValue {
  const entries: [string, JsonValue][] = []
  for (let index = 0; index + 1 < members.length; index += 2) {
    const key = members[index]
    if (typeof key === 'string') entries.push([key, members[index + 1] ?? null])
  }
  return Object.fromEntries(entries)
}
