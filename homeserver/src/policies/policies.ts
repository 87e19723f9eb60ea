import type { Config } from '#config/schema/config.ts'
import type { Logger } from '#platform/logger.ts'
import { addressGuard, type AddressGuard } from '#platform/outbound/address-guard.ts'
import { strictPasswordHasher, type PasswordHasher } from './password-hasher.ts'
import { createRateLimiter, type RateLimit, type RateLimitBucket } from './rate-limiter.ts'
import type { RateLimiter } from './rate-limiter.ts'
import { requestedTestMode, testModePolicies } from './test-mode.ts'

/** Who may make an account; the registration service tells what each field does. */
export interface RegistrationPolicy {
  readonly mode: 'closed' | 'token' | 'open'
  readonly sessionlessDummy: boolean
  readonly sharedSecret: string | undefined
}

/**
 * What test mode may replace. Everything else (signatures, authorisation, access checks, size
 * limits) has no policy and can't be relaxed.
 */
export interface Policies {
  readonly limiter: RateLimiter
  readonly passwordHasher: PasswordHasher
  /** Fewest characters of a new password. */
  readonly minPasswordLength: number
  readonly registration: RegistrationPolicy
  /** Where requests that users and other servers cause may go. */
  readonly addresses: AddressGuard
}

/** What does not depend on the configuration. */
export const STRICT = {
  passwordHasher: strictPasswordHasher,
  minPasswordLength: 8,
  sessionlessDummy: false,
} as const

export interface PolicyChoice {
  readonly policies: Policies
  /** For the database's stamp, the announcement and the response header; no handler asks for it. */
  readonly testMode: boolean
}

/**
 * The policies of this configuration: strict, or what an agreed test mode puts in their place.
 * @param env the process environment
 * @throws {TestModeRefused}
 */
export function choosePolicies(
  config: Config,
  env: Readonly<Record<string, string | undefined>>,
): PolicyChoice {
  const strict: Policies = {
    limiter: createRateLimiter(rateLimitsOf(config), workersOf(config)),
    passwordHasher: STRICT.passwordHasher,
    minPasswordLength: STRICT.minPasswordLength,
    registration: {
      mode: config.registration.mode,
      sessionlessDummy: STRICT.sessionlessDummy,
      sharedSecret: config.registration.shared_secret,
    },
    addresses: addressGuard(config.outbound.allowed_private_addresses),
  }
  const block = requestedTestMode(config, env)
  return block === undefined
    ? { policies: strict, testMode: false }
    : { policies: testModePolicies(block, strict), testMode: true }
}

/** How many workers a client's requests may be spread over: each gets its share of the limits. */
function workersOf({ workers, workers_total: total }: Config): number {
  return Math.max(workers, total ?? 0)
}

/** The configuration names its limits as Synapse does; the limiter by what is counted. */
export function rateLimitsOf({ rate_limits: rc }: Config): Record<RateLimitBucket, RateLimit> {
  return {
    message: rc.rc_message,
    join: rc.rc_joins.local,
    'join-remote': rc.rc_joins.remote,
    'join-room': rc.rc_joins_per_room,
    invite: rc.rc_invites.per_issuer,
    'invite-room': rc.rc_invites.per_room,
    'invite-target': rc.rc_invites.per_user,
    registration: rc.rc_registration,
    'registration-check': rc.rc_registration_token_validity,
    login: rc.rc_login.address,
    'login-account': rc.rc_login.account,
    'login-failed': rc.rc_login.failed_attempts,
    'room-creation': rc.rc_room_creation,
    default: rc.rc_default,
  }
}

const REMINDER_MS = 10 * 60_000

/** Says at once, and again every ten minutes, that this server is in test mode. */
export function announceTestMode(
  logger: Pick<Logger, 'warn'>,
  clock: { after(ms: number, callback: () => void): () => void },
): () => void {
  logger.warn(
    'TEST MODE: this server protects nobody. It is for automatic tests only; never let people use it.',
  )
  let cancel = clock.after(REMINDER_MS, () => {
    cancel = announceTestMode(logger, clock)
  })
  return () => cancel()
}
