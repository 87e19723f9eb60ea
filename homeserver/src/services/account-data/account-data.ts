import type { LogReads } from '#log/reads.ts'
import type { Log, RoomKey, UserKey } from '#log/types.ts'
import { MatrixError, notFound } from '#matrix/errors.ts'
import type { UserId } from '#matrix/ids.ts'
import type { PushRules } from '#services/push-rules/index.ts'

export interface AccountDataDeps {
  readonly log: Pick<Log, 'append'>
  readonly reads: Pick<LogReads, 'accountData'>
  readonly pushRules: Pick<PushRules, 'rulesOf'>
}

/** Types that have operations of their own. */
const SERVER_CONTROLLED: ReadonlySet<string> = new Set(['m.fully_read', 'm.push_rules'])

/**
 * What users store for themselves, global or for a room.
 * https://spec.matrix.org/v1.19/client-server-api/#client-config
 */
export class AccountData {
  readonly #deps: AccountDataDeps

  constructor(deps: AccountDataDeps) {
    this.#deps = deps
  }

  /**
   * Replaces the data of a type.
   * @param content JSON text of an object, kept as it is; `{}` counts as deleted, so
   * initial syncs leave it out
   */
  async put(
    user: UserKey,
    room: RoomKey | undefined,
    type: string,
    content: string,
  ): Promise<void> {
    await this.#deps.log.append([{ kind: 'account_data', user, room, type, content }])
  }

  /**
   * Like {@link put}, on a client's behalf.
   * @throws {MatrixError} 405 `M_BAD_JSON` for types that only the server writes
   */
  async putByClient(
    user: UserKey,
    room: RoomKey | undefined,
    type: string,
    content: string,
  ): Promise<void> {
    if (SERVER_CONTROLLED.has(type)) {
      throw new MatrixError(405, 'M_BAD_JSON', `Cannot set ${type} through this API.`)
    }
    await this.put(user, room, type, content)
  }

  /**
   * The data of a type, as JSON text.
   * @throws {MatrixError} 404 `M_NOT_FOUND`
   */
  async get(
    user: { readonly key: UserKey; readonly userId: UserId },
    room: RoomKey | undefined,
    type: string,
  ): Promise<string> {
    if (room === undefined && type === 'm.push_rules') {
      return JSON.stringify({ global: await this.#deps.pushRules.rulesOf(user) })
    }
    const stored = await this.#deps.reads.accountData(user.key, room, type)
    if (stored === undefined) throw notFound('Account data not found.')
    return stored.content
  }
}

/** Makes the service. */
export function createAccountData(deps: AccountDataDeps): AccountData {
  return new AccountData(deps)
}
