import type { Kysely } from 'kysely'
import { transaction, type Db, type Schema } from '#db/db.ts'
import { forbidden, invalidParam, notFound } from '#matrix/errors.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import * as store from './token-store.ts'
import type { RegistrationToken } from './token-store.ts'

export type { RegistrationToken }

/** What an administrator may set; `null` lifts the limit, what is left out stays. */
export interface TokenChange {
  readonly uses_allowed?: number | null | undefined
  readonly expiry_time?: number | null | undefined
}

/** A registration whose client dawdles holds its use this long. */
const RESERVATION_MS = 30 * 60_000
const TOKEN = /^[A-Za-z0-9._~-]{1,64}$/
const DEFAULT_LENGTH = 16

/**
 * Tokens that let their bearers register.
 * https://spec.matrix.org/v1.19/client-server-api/#token-authenticated-registration
 */
export class RegistrationTokens {
  readonly #db: Kysely<Schema>
  readonly #clock: Clock
  readonly #rng: Rng

  constructor(deps: { db: Kysely<Schema>; clock: Clock; rng: Rng }) {
    this.#db = deps.db
    this.#clock = deps.clock
    this.#rng = deps.rng
  }

  /** All tokens, or only those that can (`true`) or cannot (`false`) be used now. */
  async list(valid?: boolean): Promise<RegistrationToken[]> {
    const now = this.#clock.now()
    const tokens = await store.allTokens(this.#db, now)
    return valid === undefined ? tokens : tokens.filter((token) => isUsable(token, now) === valid)
  }

  /** @throws {MatrixError} 404 */
  async get(token: string): Promise<RegistrationToken> {
    const found = await store.tokenByName(this.#db, token, this.#clock.now())
    if (found === undefined) throw notFound(`No such registration token: ${token}`)
    return found
  }

  /**
   * Makes a token: the given one, or a random one of `length` characters.
   * @throws {MatrixError} 400 `M_INVALID_PARAM`
   */
  async create(
    options: TokenChange & { token?: string | undefined; length?: number | undefined },
  ): Promise<RegistrationToken> {
    const token = options.token ?? this.#rng.id(options.length ?? DEFAULT_LENGTH)
    if (!TOKEN.test(token)) {
      throw invalidParam('A token has 1 to 64 of the characters A-Z, a-z, 0-9, ., _, ~ and -.')
    }
    this.#requireFuture(options.expiry_time)
    const { uses_allowed = null, expiry_time = null } = options
    if (!(await store.insertToken(this.#db, { token, uses_allowed, expiry_time }))) {
      throw invalidParam(`Token already exists: ${token}`)
    }
    return await this.get(token)
  }

  /** @throws {MatrixError} 404, or 400 `M_INVALID_PARAM` */
  async update(token: string, change: TokenChange): Promise<RegistrationToken> {
    this.#requireFuture(change.expiry_time)
    const { uses_allowed, expiry_time } = change
    await store.updateToken(this.#db, token, {
      ...(uses_allowed !== undefined && { uses_allowed }),
      ...(expiry_time !== undefined && { expiry_time }),
    })
    return await this.get(token)
  }

  /** @throws {MatrixError} 404 */
  async delete(token: string): Promise<void> {
    if (!(await store.deleteToken(this.#db, token))) {
      throw notFound(`No such registration token: ${token}`)
    }
  }

  async isUsable(token: string): Promise<boolean> {
    const now = this.#clock.now()
    const found = await store.tokenByName(this.#db, token, now)
    return found !== undefined && isUsable(found, now)
  }

  async anyUsable(): Promise<boolean> {
    return (await this.list(true)).length > 0
  }

  /** Takes one use for a session, until it is completed, released or too old. False: none is left. */
  async reserve(token: string, session: string): Promise<boolean> {
    if (!TOKEN.test(token)) return false
    return await transaction(this.#db, async (tx) => {
      const now = this.#clock.now()
      await store.deleteExpiredReservations(tx, now)
      await store.lockToken(tx, token)
      const found = await store.tokenByName(tx, token, now)
      if (found === undefined || !isUsable(found, now)) return false
      await store.insertReservation(tx, { session, token, expires_ts: now + RESERVATION_MS })
      return true
    })
  }

  /** Counts the session's use as made. @throws {MatrixError} 403 when it was held for too long */
  async complete(tx: Db, session: string): Promise<void> {
    const token = await store.deleteReservation(tx, session)
    if (token === undefined) throw forbidden('The registration token is no longer valid.')
    await store.countCompletion(tx, token)
  }

  /** Gives the session's use back. */
  async release(session: string): Promise<void> {
    await store.deleteReservation(this.#db, session)
  }

  #requireFuture(expiry: number | null | undefined): void {
    if (typeof expiry === 'number' && expiry < this.#clock.now()) {
      throw invalidParam('expiry_time must not be in the past')
    }
  }
}

function isUsable(token: RegistrationToken, now: number): boolean {
  const left = token.uses_allowed === null || token.completed + token.pending < token.uses_allowed
  return left && (token.expiry_time === null || token.expiry_time > now)
}
