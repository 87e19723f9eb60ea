import { invalidUsername } from '#matrix/errors.ts'
import { isLocalpart, isUserId, type ServerName, type UserId } from '#matrix/ids.ts'

/**
 * The user ID that an account of this name has. Capitals are mapped to small letters, as the
 * grammar has none.
 * https://spec.matrix.org/v1.19/appendices/#user-identifiers
 * @throws {MatrixError} 400 `M_INVALID_USERNAME`
 */
export function newUserId(username: string, server: ServerName): UserId {
  const localpart = username.toLowerCase()
  if (!isLocalpart(localpart)) {
    throw invalidUsername('A user name may contain the characters a-z, 0-9, ., _, =, -, / and +.')
  }
  // kept for bridges, whose users' names start with it by convention
  if (localpart.startsWith('_')) throw invalidUsername('A user name may not start with "_".')
  const userId = `@${localpart}:${server}`
  if (!isUserId(userId)) throw invalidUsername('The user ID would be longer than 255 bytes.')
  return userId
}

/**
 * The user that someone means by a full user ID or a localpart; undefined for what is neither. Capitals
 * of an account of this server count as small letters in both.
 */
export function namedUser(user: string, server: ServerName): UserId | undefined {
  const domain = `:${server}`
  const isOurs = user.startsWith('@') && user.endsWith(domain)
  const name = isOurs ? user.slice(1, -domain.length) : user
  const userId = name.startsWith('@') ? name : `@${name.toLowerCase()}${domain}`
  return isUserId(userId) ? userId : undefined
}
