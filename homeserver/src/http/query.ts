import { parse } from 'node:querystring'
import { invalidParam } from '#matrix/errors.ts'
import type { Endpoint } from './endpoint.ts'
import { validate } from './validate.ts'

/**
 * The query string as the endpoint's schema gives it; unparsed when the endpoint declares none.
 * @throws {MatrixError} 400, also for NUL, which no column can hold
 */
export function checkedQuery(endpoint: Endpoint, text: string): unknown {
  if (endpoint.query === undefined) return {}
  // the copy is for zod, which wants a plain prototype
  const query = text === '' ? {} : { ...parse(text) }
  if (text.includes('%00')) throw invalidParam('The query string contains NUL.')
  return validate(endpoint.query, query, 'query')
}
