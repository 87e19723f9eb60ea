import type { Kysely } from 'kysely'
import type { Schema, Tx } from '#db/db.ts'
import { forbidden, missingParam, unrecognized } from '#matrix/errors.ts'
import type { JsonObject } from '#matrix/json.ts'
import type { Clock } from '#platform/clock.ts'
import type { Rng } from '#platform/rng.ts'
import type { RegistrationPolicy } from '#policies/policies.ts'
import type { RateLimiter } from '#policies/rate-limiter.ts'
import type { Account, Accounts } from '#services/accounts/index.ts'
import {
  dummyStage,
  type Uia,
  type UiaFlow,
  type UiaOutcome,
  type UiaStage,
} from '#services/uia/index.ts'
import { GuestPromotion, type GuestPromotionDeps } from './guest-promotion.ts'
import { SetupToken } from './setup-token.ts'
import { SharedSecretRegistration } from './shared-secret.ts'
import { registrationTokenStage, TOKEN_STAGE, type TokenUse } from './token-stage.ts'
import { RegistrationTokens } from './tokens.ts'

export interface RegistrationDeps extends GuestPromotionDeps {
  readonly db: Kysely<Schema>
  readonly clock: Clock
  readonly rng: Rng
  readonly accounts: Accounts
  readonly uia: Uia
  readonly limiter: RateLimiter
  readonly policy: RegistrationPolicy
}

export interface RegisterInput {
  /** Method and path, for the authentication session. */
  readonly operation: string
  /** The request body as it came. */
  readonly body: JsonObject
  readonly username: string | undefined
  readonly password: string | undefined
  /** Of a guest who wants to become a full user. */
  readonly guestAccessToken?: string | undefined
  /** What the limit by address counts. */
  readonly address: string
}

const CLOSED = 'Registration is closed on this server. Ask its administrator for an invitation.'

/** How accounts come to be. */
export class Registration {
  readonly tokens: RegistrationTokens
  /** Takes a token; fallback pages offer it too. */
  readonly tokenStage: UiaStage
  readonly #deps: RegistrationDeps
  readonly #guests: GuestPromotion
  readonly #setup: SetupToken
  readonly #sharedSecret: SharedSecretRegistration | undefined

  constructor(deps: RegistrationDeps) {
    this.#deps = deps
    this.tokens = new RegistrationTokens(deps)
    this.#guests = new GuestPromotion(deps)
    this.#setup = new SetupToken(deps)
    this.tokenStage = registrationTokenStage({ setup: this.#setup, tokens: this.tokens })
    const { sharedSecret } = deps.policy
    this.#sharedSecret =
      sharedSecret === undefined ? undefined : new SharedSecretRegistration(sharedSecret, deps)
  }

  /**
   * Registers once the client has authenticated for it.
   * @throws {MatrixError} 401 with the flows, 403 when registration is closed or a guest's token is
   *   none, 400 for the name or password
   */
  async register(input: RegisterInput): Promise<Account> {
    const { accounts, limiter, policy, rng, uia } = this.#deps
    const { body, operation, password, guestAccessToken } = input
    const flows = await this.#flows()
    const guest =
      guestAccessToken === undefined
        ? undefined
        : await this.#guests.guest(guestAccessToken, input.username)
    if (guest === undefined && input.username !== undefined) {
      await accounts.requireAvailable(input.username)
    }
    if (password !== undefined) accounts.requireStrong(password)
    else if (Object.hasOwn(body, 'auth')) throw missingParam('password')
    await limiter.check('registration', input.address)
    const { sessionlessDummy: sessionless } = policy
    const outcome = await uia.authorize({ operation, body, flows, sessionless })
    if (password === undefined) throw missingParam('password')
    await limiter.consume('registration', input.address)
    const localpart = input.username ?? `u${rng.id(11).toLowerCase()}`
    return await this.#spend(outcome, (admin, within) =>
      guest === undefined
        ? accounts.create({ localpart, password, admin }, within)
        : this.#guests.promote(guest, { password, admin }, within),
    )
  }

  /**
   * @throws {MatrixError} 400 `M_INVALID_USERNAME`, `M_USER_IN_USE`, 403 when registration is closed
   */
  async requireAvailable(username: string): Promise<void> {
    await this.#flows()
    await this.#deps.accounts.requireAvailable(username)
  }

  /** True while somebody could register with the token. */
  async isTokenValid(token: string): Promise<boolean> {
    return (await this.#setup.matches(token)) || (await this.tokens.isUsable(token))
  }

  /**
   * A token that makes its bearer the first account and administrator, or undefined once there is
   * an account. The same one at every call and on every worker.
   */
  async ensureSetupToken(): Promise<string | undefined> {
    return await this.#setup.ensure()
  }

  /** @throws {MatrixError} 404 `M_UNRECOGNIZED` unless the configuration sets a shared secret */
  get sharedSecret(): SharedSecretRegistration {
    if (this.#sharedSecret === undefined) throw unrecognized()
    return this.#sharedSecret
  }

  async #flows(): Promise<readonly UiaFlow[]> {
    const { mode } = this.#deps.policy
    const byToken = mode === 'token' || (await this.#anyToken())
    if (mode !== 'open' && !byToken) throw forbidden(CLOSED)
    return [...(mode === 'open' ? [[dummyStage]] : []), ...(byToken ? [[this.tokenStage]] : [])]
  }

  async #anyToken(): Promise<boolean> {
    return (await this.#setup.exists()) || (await this.tokens.anyUsable())
  }

  /** Makes an account, and in the same transaction uses the token up that it was authenticated by. */
  async #spend(
    outcome: UiaOutcome,
    make: (admin: boolean, within: (tx: Tx) => Promise<void>) => Promise<Account>,
  ): Promise<Account> {
    const use: unknown = outcome.completed.get(TOKEN_STAGE)
    const admin = use === ('setup' satisfies TokenUse)
    try {
      return await make(admin, async (tx) => {
        if (admin) await this.#setup.consume(tx)
        else if (use !== undefined) await this.tokens.complete(tx, outcome.session)
      })
    } catch (error) {
      if (use !== undefined) await this.tokens.release(outcome.session)
      throw error
    }
  }
}

export const createRegistration = (deps: RegistrationDeps): Registration => new Registration(deps)
