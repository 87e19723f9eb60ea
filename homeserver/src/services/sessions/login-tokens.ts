import type { Db } from '#db/db.ts'
import type { UserKey } from '#log/types.ts'
import { forbidden } from '#matrix/errors.ts'
import type { UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import * as store from './store.ts'
import { hashColumn, newLoginToken, tokenHash } from './token.ts'

/** How long a login token is good for, in milliseconds. */
const LOGIN_TOKEN_MS = 120_000

/** Tokens with which another client may sign in once. */
export class LoginTokens {
  readonly #db: Db
  readonly #clock: Clock
  readonly #rng: Rng

  constructor(deps: { db: Db; clock: Clock; rng: Rng }) {
    this.#db = deps.db
    this.#clock = deps.clock
    this.#rng = deps.rng
  }

  async create(user: UserKey): Promise<{ token: string; expiresInMs: number }> {
    const token = newLoginToken(this.#rng)
    const now = this.#clock.now()
    await store.deleteExpiredLoginTokens(this.#db, now)
    await store.insertLoginToken(this.#db, {
      hash: hashColumn(tokenHash(token)),
      user_key: user,
      expires_ts: now + LOGIN_TOKEN_MS,
    })
    return { token, expiresInMs: LOGIN_TOKEN_MS }
  }

  /** @throws {MatrixError} 403 `M_FORBIDDEN` when it is unknown, used or expired */
  async take(token: string): Promise<UserId> {
    const hash = hashColumn(tokenHash(token))
    const userId = await store.takeLoginToken(this.#db, hash, this.#clock.now())
    if (userId === undefined) throw forbidden('The login token is not valid or has expired.')
    return userId
  }
}
