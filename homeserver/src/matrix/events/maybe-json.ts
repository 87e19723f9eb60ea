import type { JsonValue } from '../json.ts'
import { parseJson } from './parse-json.ts'

/** Parses a text that may be no JSON: undefined then. Otherwise as {@link parseJson}. */
export function maybeJson(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}
