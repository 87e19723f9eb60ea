import { createHmac, hash } from 'node:crypto'
import { canonicalJson } from '#matrix/events/canonical-json.ts'
import type { JsonObject } from '#matrix/json.ts'

/** What the database has in place of a session id, so that its readers cannot take the session over. */
export const sessionHash = (session: string): string => hash('sha256', session, 'base64url')

/**
 * Stands for a request's parameters, without `auth`; undefined when there are none. Keyed by the
 * session id, which the database lacks: a password among the parameters cannot be guessed from it.
 */
export function bodyFingerprint(session: string, body: JsonObject): Buffer | undefined {
  const parameters = Object.fromEntries(Object.entries(body).filter(([key]) => key !== 'auth'))
  if (Object.keys(parameters).length === 0) return undefined
  return createHmac('sha256', session).update(canonicalJson(parameters)).digest()
}
