import type { Kysely } from 'kysely'
import { transaction, type Schema, type Tx } from '#db/db.ts'
import type { DeviceKey } from '#log/types.ts'
import { unknownToken, userLocked } from '#matrix/errors.ts'
import type { DeviceId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import * as store from './refresh-store.ts'
import { databaseHash, newAccessToken, newRefreshToken } from './token.ts'

/** Tokens as their owner gets them; the server keeps hashes. */
export interface Tokens {
  readonly accessToken: string
  /** Only for clients that asked for it; then the access token expires. */
  readonly refreshToken?: string
  readonly expiresInMs?: number
}

/** How long an access token lives that its client can refresh. */
const ACCESS_TOKEN_MS = 60 * 60_000

/**
 * Access tokens that expire, and the refresh tokens with which clients get the next.
 * https://spec.matrix.org/v1.19/client-server-api/#refreshing-access-tokens
 */
export class TokenPairs {
  readonly #db: Kysely<Schema>
  readonly #clock: Clock
  readonly #rng: Rng

  constructor(deps: { db: Kysely<Schema>; clock: Clock; rng: Rng }) {
    this.#db = deps.db
    this.#clock = deps.clock
    this.#rng = deps.rng
  }

  /** Makes a pair for a device. @param replaces the refresh token that it is given for */
  async issue(tx: Tx, device: DeviceKey, replaces: number | null = null): Promise<Tokens> {
    const now = this.#clock.now()
    const accessToken = newAccessToken(this.#rng)
    const refreshToken = newRefreshToken(this.#rng)
    await store.insertPair(tx, {
      device,
      replaces,
      access: databaseHash(accessToken),
      refresh: databaseHash(refreshToken),
      expires: now + ACCESS_TOKEN_MS,
      now,
    })
    return { accessToken, refreshToken, expiresInMs: ACCESS_TOKEN_MS }
  }

  /**
   * The next pair. The old refresh token works until one of the new pair is used: an answer may get
   * lost.
   * @throws {MatrixError} 401 `M_UNKNOWN_TOKEN`, a soft logout when the token was used already; 401
   *   `M_USER_LOCKED`
   */
  async refresh(refreshToken: string): Promise<Tokens & { readonly deviceId: DeviceId }> {
    const hash = databaseHash(refreshToken)
    return await transaction(this.#db, async (tx) => {
      const used = await store.lockRefreshToken(tx, hash)
      if (used === undefined) throw unknownToken()
      if (used.locked) throw userLocked()
      if (used.revoked) throw unknownToken({ softLogout: true })
      const { key, device, deviceId, replaces } = used
      if (replaces !== null) await this.confirm({ key, replaces }, tx)
      const tokens = await this.issue(tx, device, key)
      await store.endOldPairs(tx, used, this.#clock.now())
      await store.deleteOldRevoked(tx, device)
      return { ...tokens, deviceId }
    })
  }

  /** Ends the pair before this one, which has just been used for the first time. */
  async confirm(
    pair: { readonly key: number; readonly replaces: number },
    db: Kysely<Schema> = this.#db,
  ): Promise<void> {
    await store.confirmPair(db, pair, this.#clock.now())
  }
}
