import type { Kysely } from 'kysely'
import type { Schema } from '#db/db.ts'
import type { Log } from '#log/types.ts'
import { forbidden, invalidParam, notFound } from '#matrix/errors.ts'
import { serverOf, type ServerName, type UserId } from '#matrix/ids.ts'
import type { Account, Accounts } from '#services/accounts/index.ts'
import type { Requester } from '#services/sessions/index.ts'
import * as store from './restrictions-store.ts'

export interface RestrictionsDeps {
  readonly db: Kysely<Schema>
  readonly log: Pick<Log, 'append'>
  readonly serverName: ServerName
  readonly accounts: Pick<Accounts, 'find'>
}

type Admin = Pick<Requester, 'userId' | 'admin'>

/**
 * Locked and suspended accounts. What that means for requests is decided where they come in
 * (`http/auth-guard.ts`), by what the sessions know of the account.
 * https://spec.matrix.org/v1.19/client-server-api/#server-administration
 */
export class Restrictions {
  readonly #deps: RestrictionsDeps

  constructor(deps: RestrictionsDeps) {
    this.#deps = deps
  }

  /**
   * @throws {MatrixError} 403 for who is no administrator and about another one, 400 for users of
   *   other servers, 404 for unknown and deactivated accounts
   */
  async of(admin: Admin, userId: UserId): Promise<store.Restrictions> {
    const { key } = await this.#target(admin, userId)
    return await store.restrictionsOf(this.#deps.db, key)
  }

  /**
   * Changes an account's restrictions; every worker knows when this resolves.
   * @throws {MatrixError} as {@link of}, and 403 for the own account
   */
  async set(admin: Admin, userId: UserId, change: Partial<store.Restrictions>): Promise<void> {
    const { key } = await this.#target(admin, userId)
    if (userId === admin.userId) throw forbidden('You cannot do this to your own account.')
    await store.restrict(this.#deps.db, key, change)
    // even where nothing changed: a call before may have failed to tell the workers
    await this.#deps.log.append([{ kind: 'invalidation', what: 'user', key: String(key) }])
  }

  /** In this order: who may not know learns nothing about accounts. */
  async #target(admin: Admin, userId: UserId): Promise<Account> {
    const { accounts, serverName } = this.#deps
    if (!admin.admin) throw forbidden('You are not a server administrator.')
    if (serverOf(userId) !== serverName) {
      throw invalidParam('The user does not belong to this server.')
    }
    const account = await accounts.find(userId)
    if (account === undefined || account.deactivated) throw notFound('There is no such user.')
    if (account.admin && userId !== admin.userId) {
      throw forbidden('The user is an administrator, too.')
    }
    return account
  }
}
