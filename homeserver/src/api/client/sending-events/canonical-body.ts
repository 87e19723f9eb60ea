import { badJson } from '#matrix/errors.ts'
import { findBadNumber } from '#matrix/events/parse-json.ts'

/**
 * Content of events is canonical JSON; floats and large integers are gone once it is parsed.
 * https://spec.matrix.org/v1.19/appendices/#canonical-json
 * @param rawBody valid JSON
 * @throws {MatrixError} 400 `M_BAD_JSON`
 */
export function requireCanonicalNumbers(rawBody: string): void {
  const bad = findBadNumber(rawBody)
  if (bad !== undefined) {
    throw badJson(`Numbers must be integers between -(2^53 - 1) and 2^53 - 1, not ${bad}.`)
  }
}
