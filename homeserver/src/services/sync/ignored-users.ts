import type { UserKey } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject, own } from '#matrix/json.ts'
import type { SyncDeps } from './types.ts'

/**
 * Whom the user ignores.
 * https://spec.matrix.org/v1.19/client-server-api/#ignoring-users
 */
export async function ignoredUsers(
  { reads }: Pick<SyncDeps, 'reads'>,
  user: UserKey,
): Promise<ReadonlySet<string>> {
  const stored = await reads.accountData(user, undefined, 'm.ignored_user_list')
  const content = stored && parseJson(stored.content)
  const users = isJsonObject(content) ? own(content, 'ignored_users') : undefined
  return new Set(isJsonObject(users) ? Object.keys(users) : [])
}
