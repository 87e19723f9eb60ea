import type { Kysely } from 'kysely'
import type { Schema } from '#db/db.ts'
import type { AppendItem, Log, LogEntry, UserInfo, UserKey } from '#log/types.ts'
import { parseServerName, type UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import { createLogger } from '#platform/logger.ts'
import { systemRng } from '#platform/rng.ts'
import { cheapPasswordHasher } from '#policies/password-hasher.ts'
import { NO_RATE_LIMITS, type RateLimiter } from '#policies/rate-limiter.ts'
import { createAccounts } from '#services/accounts/index.ts'
import { createProfiles } from '#services/profiles/index.ts'
import type { RegistrationPolicy } from '#policies/policies.ts'
import { createRegistration } from '#services/registration/index.ts'
import { createDevices, createSessions } from '#services/sessions/index.ts'
import { createUia } from '#services/uia/index.ts'

/** A clock that stands still until it is told to go on. */
export class ManualClock implements Clock {
  #now = 1_700_000_000_000

  now(): number {
    return this.#now
  }
  monotonic(): number {
    return this.#now
  }
  sleep(): Promise<void> {
    return Promise.resolve()
  }
  after(): () => void {
    return () => {}
  }
  advance(ms: number): void {
    this.#now += ms
  }
}

/** The part of the log that accounts need: it hands invalidations to every subscriber. */
class InvalidationLog implements Pick<Log, 'append' | 'subscribe' | 'onReset'> {
  readonly #listeners: ((entries: readonly LogEntry[]) => void)[] = []
  #pos = 0

  append(items: readonly AppendItem[]): Promise<{ outcome: 'ok' }> {
    const entries = items.flatMap((item) =>
      item.kind === 'invalidation' ? [{ ...item, pos: ++this.#pos }] : [],
    )
    for (const listener of this.#listeners) listener(entries)
    return Promise.resolve({ outcome: 'ok' })
  }
  readonly #resets = new Set<() => void>()

  onReset(listener: () => void): () => void {
    this.#resets.add(listener)
    return () => this.#resets.delete(listener)
  }

  /** As after a failover that lost the end of the log. */
  reset(): void {
    for (const listener of this.#resets) listener()
  }

  subscribe(listener: (entries: readonly LogEntry[]) => void): () => void {
    this.#listeners.push(listener)
    return () => {}
  }
}

/** Gives each user the next number. */
function numberUsers() {
  const keys = new Map<UserId, UserKey>()
  return {
    user(userId: UserId): Promise<UserInfo> {
      const key = keys.get(userId) ?? ((keys.size + 1) as UserKey)
      keys.set(userId, key)
      return Promise.resolve({ key, userId, local: true })
    },
  }
}

export interface AccountServicesOptions {
  readonly policy?: Partial<RegistrationPolicy>
  readonly limiter?: RateLimiter
  readonly minPasswordLength?: number
  readonly onProfileChange?: (userId: UserId) => Promise<void>
}

/** The services around accounts, over a real database. */
export function accountServices(db: Kysely<Schema>, options: AccountServicesOptions = {}) {
  const clock = new ManualClock()
  const log = new InvalidationLog()
  const base = {
    db,
    clock,
    log,
    rng: systemRng,
    logger: createLogger('silent'),
    behindMs: () => 0,
  }
  const limiter = options.limiter ?? NO_RATE_LIMITS
  const uia = createUia(base)
  const accounts = createAccounts({
    ...base,
    limiter,
    dictionary: numberUsers(),
    serverName: parseServerName('test.example'),
    passwordHasher: cheapPasswordHasher,
    minPasswordLength: options.minPasswordLength ?? 8,
  })
  const sessions = createSessions(base)
  const devices = createDevices({ db, log, writeLastSeen: () => sessions.writeLastSeen() })
  const registration = createRegistration({
    ...base,
    accounts,
    sessions,
    devices,
    uia,
    limiter,
    policy: { mode: 'open', sessionlessDummy: false, sharedSecret: undefined, ...options.policy },
  })
  const onChange = options.onProfileChange ?? (() => Promise.resolve())
  const profiles = createProfiles({ ...base, onChange })
  return { ...base, accounts, profiles, registration, sessions, uia }
}
