import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { limitExceeded } from '#matrix/errors.ts'

/** How often something may happen, in the long run and at once. */
export interface RateLimit {
  /** Sustained rate; 0 forbids nothing once the burst came back, so use at least 0.001. */
  readonly per_second: number
  /** How many may come at once. */
  readonly burst_count: number
}

/** What is counted apart; the defaults are the limits for one user or one address. */
export const DEFAULT_RATE_LIMITS = {
  /** Sending events, typing, receipts and the like. */
  message: { per_second: 1, burst_count: 30 },
  /** Joining rooms that this server takes part in. */
  join: { per_second: 0.1, burst_count: 10 },
  /** Joining through another server. */
  'join-remote': { per_second: 0.01, burst_count: 10 },
  /** Joins into one room; by room. */
  'join-room': { per_second: 1, burst_count: 10 },
  /** Invites by one user. */
  invite: { per_second: 0.3, burst_count: 10 },
  /** Invites into one room; by room. */
  'invite-room': { per_second: 0.3, burst_count: 10 },
  /** Invites to one user; by invited user. */
  'invite-target': { per_second: 0.003, burst_count: 5 },
  /** Registrations and checks of registration tokens; by address. */
  registration: { per_second: 0.17, burst_count: 3 },
  /** Checks whether a user name is free; by address. */
  'registration-check': { per_second: 1, burst_count: 30 },
  /** Logins; by address. */
  login: { per_second: 0.17, burst_count: 10 },
  /** Logins; by account. */
  'login-account': { per_second: 0.003, burst_count: 5 },
  /** Logins with a wrong password; by account. */
  'login-failed': { per_second: 0.17, burst_count: 3 },
  /** Creating rooms. */
  'room-creation': { per_second: 0.016, burst_count: 10 },
  /** Every other operation that may answer 429. */
  default: { per_second: 10, burst_count: 100 },
} as const satisfies Record<string, RateLimit>

export type RateLimitBucket = keyof typeof DEFAULT_RATE_LIMITS

/** Limits by bucket; what is left out keeps its default. */
export type RateLimits = Partial<Record<RateLimitBucket, RateLimit>>

export interface RateLimiter {
  /**
   * Counts one use.
   * @param key whose use it is: a user ID, an address, a room ID
   * @throws {MatrixError} 429 `M_LIMIT_EXCEEDED` with the time to wait
   */
  consume(bucket: RateLimitBucket, key: string): Promise<void>
  /** Throws like {@link consume} when nothing is left, but counts nothing. */
  check(bucket: RateLimitBucket, key: string): Promise<void>
}

/** Counts in this process' memory. With several workers each gets its share of the limit. */
export function createRateLimiter(limits: RateLimits = {}, workers = 1): RateLimiter {
  const counters = new Map<string, RateLimiterMemory>()
  for (const [bucket, limit] of Object.entries({ ...DEFAULT_RATE_LIMITS, ...limits })) {
    const points = Math.max(1, Math.ceil(limit.burst_count / workers))
    const duration = limit.burst_count / limit.per_second
    counters.set(bucket, new RateLimiterMemory({ keyPrefix: '', points, duration }))
  }
  const counterOf = (bucket: RateLimitBucket): RateLimiterMemory => {
    const counter = counters.get(bucket)
    if (counter === undefined) throw new TypeError(`No such bucket: ${bucket}`)
    return counter
  }
  return {
    async consume(bucket, key) {
      try {
        await counterOf(bucket).consume(key)
      } catch (refusal) {
        throw refusal instanceof RateLimiterRes ? exceeded(refusal, counterOf(bucket)) : refusal
      }
    },
    async check(bucket, key) {
      const counter = counterOf(bucket)
      const used = await counter.get(key)
      if (used !== null && used.consumedPoints >= counter.points) {
        throw exceeded(used, counter)
      }
    },
  }
}

/** The limiter reckons by the wall clock: where that was set back, nobody has to wait for it to catch up. */
function exceeded({ msBeforeNext }: RateLimiterRes, { duration }: RateLimiterMemory) {
  return limitExceeded(Math.min(msBeforeNext, duration * 1000))
}

/** Refuses nothing: for test mode. */
export const NO_RATE_LIMITS: RateLimiter = {
  consume: () => Promise.resolve(),
  check: () => Promise.resolve(),
}
