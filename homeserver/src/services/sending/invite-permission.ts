import type { LogReads } from '#log/reads.ts'
import type { Dictionary } from '#log/types.ts'
import { forbidden, MatrixError } from '#matrix/errors.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { serverOf, type ServerName, type UserId } from '#matrix/ids.ts'
import { isJsonObject, own } from '#matrix/json.ts'

export interface InvitePermissionDeps {
  readonly dictionary: Dictionary
  readonly reads: LogReads
  readonly serverName: ServerName
}

const CONFIG = 'm.invite_permission_config'

/**
 * Whether an invitation can reach its target at all.
 * https://spec.matrix.org/v1.19/client-server-api/#invite-permission
 * @throws {MatrixError} 403 `M_INVITE_BLOCKED` when a user of this server accepts no invitations,
 *   `M_FORBIDDEN` for users of other servers, whom nothing would tell of it
 */
export async function checkInvitePermission(
  target: UserId,
  { dictionary, reads, serverName }: InvitePermissionDeps,
): Promise<void> {
  if (serverOf(target) !== serverName) {
    throw forbidden('Users of other servers cannot be invited: this server does not federate.')
  }
  const user = await dictionary.findUser(target)
  if (user === undefined) return
  const data = await reads.accountData(user.key, undefined, CONFIG)
  const config = data && parseJson(data.content)
  if (isJsonObject(config) && own(config, 'default_action') === 'block') {
    throw new MatrixError(403, 'M_INVITE_BLOCKED', `${target} does not accept invitations.`)
  }
}
