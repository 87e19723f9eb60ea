import { isUserId, type UserId } from './ids.ts'
import { isJsonObject, own, type JsonValue } from './json.ts'

/**
 * Whom somebody ignores, by the content of their `m.ignored_user_list`; what is no user ID is left out.
 * https://spec.matrix.org/v1.19/client-server-api/#mignored_user_list
 */
export function ignoredUsersIn(content: JsonValue | undefined): UserId[] {
  const users = isJsonObject(content) ? own(content, 'ignored_users') : undefined
  return isJsonObject(users) ? Object.keys(users).filter(isUserId) : []
}
