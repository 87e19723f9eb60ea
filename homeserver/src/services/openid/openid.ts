import type { Db } from '#db/db.ts'
import type { DeviceKey } from '#log/types.ts'
import { unknownToken } from '#matrix/errors.ts'
import type { UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import * as store from './store.ts'
import { newOpenIdToken, openIdTokenHash } from './token.ts'

/** How long an OpenID token tells who its user is, in milliseconds. */
const TOKEN_MS = 60 * 60_000

/**
 * Tokens that prove to other services who a user is, and are good for nothing else.
 * https://spec.matrix.org/v1.19/client-server-api/#openid
 */
export class OpenId {
  readonly #db: Db
  readonly #clock: Clock
  readonly #rng: Rng

  constructor(deps: { db: Db; clock: Clock; rng: Rng }) {
    this.#db = deps.db
    this.#clock = deps.clock
    this.#rng = deps.rng
  }

  /** A token for the user of a device; it ends with the device at the latest. */
  async createToken(device: DeviceKey): Promise<{ token: string; expiresInMs: number }> {
    const token = newOpenIdToken(this.#rng)
    const now = this.#clock.now()
    await store.deleteExpired(this.#db, now)
    await store.insertToken(this.#db, {
      hash: openIdTokenHash(token),
      device_key: device,
      expires_ts: now + TOKEN_MS,
    })
    return { token, expiresInMs: TOKEN_MS }
  }

  /**
   * Whose token it is.
   * @throws {MatrixError} 401 `M_UNKNOWN_TOKEN`
   */
  async userOf(token: string): Promise<UserId> {
    const userId = await store.tokenUser(this.#db, openIdTokenHash(token), this.#clock.now())
    if (userId === undefined) throw unknownToken()
    return userId
  }
}

export const createOpenId = (deps: { db: Db; clock: Clock; rng: Rng }): OpenId => new OpenId(deps)
