import type { DeviceKey } from '#log/types.ts'
import { unknownToken } from '#matrix/errors.ts'
import type { UserId } from '#matrix/ids.ts'
import { databaseHash, ShortLivedTokens, type ShortLivedDeps } from '#services/sessions/index.ts'
import * as store from './store.ts'

/** How long an OpenID token tells who its user is, in milliseconds. */
const TOKEN_MS = 60 * 60_000

/**
 * Tokens that prove to other services who a user is, and are good for nothing else.
 * https://spec.matrix.org/v1.19/client-server-api/#openid
 */
export class OpenId {
  readonly #deps: ShortLivedDeps
  readonly #tokens: ShortLivedTokens<DeviceKey>

  constructor(deps: ShortLivedDeps) {
    this.#deps = deps
    this.#tokens = new ShortLivedTokens(deps, {
      prefix: 'hearth_openid',
      lifetimeMs: TOKEN_MS,
      insert: store.insertToken,
      deleteExpired: store.deleteExpired,
    })
  }

  /** A token for the user of a device; it ends with the device at the latest. */
  async createToken(device: DeviceKey): Promise<{ token: string; expiresInMs: number }> {
    return await this.#tokens.create(device)
  }

  /**
   * Whose token it is.
   * @throws {MatrixError} 401 `M_UNKNOWN_TOKEN`
   */
  async userOf(token: string): Promise<UserId> {
    const { db, clock } = this.#deps
    const userId = await store.tokenUser(db, databaseHash(token), clock.now())
    if (userId === undefined) throw unknownToken()
    return userId
  }
}

export const createOpenId = (deps: ShortLivedDeps): OpenId => new OpenId(deps)
