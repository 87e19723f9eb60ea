import type { UserKey } from '#log/types.ts'
import { forbidden } from '#matrix/errors.ts'
import type { UserId } from '#matrix/ids.ts'
import { ShortLivedTokens, type ShortLivedDeps } from './short-lived-tokens.ts'
import * as store from './store.ts'
import { databaseHash } from './token.ts'

/** How long a login token is good for, in milliseconds. */
const LOGIN_TOKEN_MS = 120_000

/** Tokens with which another client may sign in once. */
export class LoginTokens {
  readonly #deps: ShortLivedDeps
  readonly #tokens: ShortLivedTokens<UserKey>

  constructor(deps: ShortLivedDeps) {
    this.#deps = deps
    this.#tokens = new ShortLivedTokens(deps, {
      prefix: 'hearth_login',
      lifetimeMs: LOGIN_TOKEN_MS,
      insert: store.insertLoginToken,
      deleteExpired: store.deleteExpiredLoginTokens,
    })
  }

  async create(user: UserKey): Promise<{ token: string; expiresInMs: number }> {
    return await this.#tokens.create(user)
  }

  /** @throws {MatrixError} 403 `M_FORBIDDEN` when it is unknown, used or expired */
  async take(token: string): Promise<UserId> {
    const { db, clock } = this.#deps
    const userId = await store.takeLoginToken(db, databaseHash(token), clock.now())
    if (userId === undefined) throw forbidden('The login token is not valid or has expired.')
    return userId
  }
}
