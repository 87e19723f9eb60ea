// https://spec.matrix.org/v1.19/appendices/#user-identifiers
const USER_ID = /^@[^:\s\0]+:[A-Za-z0-9.\-[\]:]+$/u
const USERNAME = /^[a-z0-9._=\-/+]+$/u
const MAX_BYTES = 255

/** The server name of a user id, or an empty string when there is none. */
export function serverNameOf(userId: string): string {
  const colon = userId.indexOf(':')
  return colon < 0 ? '' : userId.slice(colon + 1)
}

/** The part of a user id between `@` and the first colon. */
export function localpartOf(userId: string): string {
  const colon = userId.indexOf(':')
  return userId.slice(1, colon < 0 ? undefined : colon)
}

/**
 * Reads what a person typed as a user id: `alice`, `@alice` and `@alice:example.org` are all
 * accepted; the server name is filled in. Returns undefined when it cannot be a user id.
 */
export function parseUserId(input: string, defaultServer: string): string | undefined {
  const text = input.trim()
  if (text === '' || text === '@') return undefined
  const withSigil = text.startsWith('@') ? text : `@${text}`
  const full = withSigil.includes(':') ? withSigil : `${withSigil}:${defaultServer}`
  const fits = new TextEncoder().encode(full).length <= MAX_BYTES
  return fits && USER_ID.test(full) ? full : undefined
}

/** Whether a new account may have this localpart. */
export function isValidUsername(username: string): boolean {
  return USERNAME.test(username)
}
