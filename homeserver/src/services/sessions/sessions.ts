import type { Kysely } from 'kysely'
import { transaction, type Schema, type Tx } from '#db/db.ts'
import type { Requester } from './requester.ts'
import type { DeviceKey, Log, UserKey } from '#log/types.ts'
import { unknownToken, userLocked } from '#matrix/errors.ts'
import { parseDeviceId, type DeviceId, type UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import type { Account } from '#services/accounts/index.ts'
import { LastSeen } from './last-seen.ts'
import { LoginTokens } from './login-tokens.ts'
import { RequesterCache } from './requester-cache.ts'
import * as store from './store.ts'
import { databaseHash, hashColumn, newAccessToken, tokenHash } from './token.ts'
import { TokenPairs, type Tokens } from './token-pairs.ts'

export interface SessionsDeps {
  readonly db: Kysely<Schema>
  readonly log: Pick<Log, 'append' | 'subscribe' | 'onReset'>
  readonly clock: Clock
  readonly rng: Rng
  readonly logger: Logger
  /** Milliseconds since this worker last stood at the log's end. */
  readonly behindMs: () => number
}

export interface NewSession {
  /** Chosen by the client; a known one is used again and its old token ends. */
  readonly deviceId?: DeviceId | undefined
  readonly displayName?: string | undefined
  /** The client can refresh: its access token expires and comes with a refresh token. */
  readonly refreshable?: boolean | undefined
}

export interface Session extends Tokens {
  readonly deviceId: DeviceId
}

const DEVICE_ID_LENGTH = 10
/** A worker that has not heard from the log for longer asks the database whether a session still stands. */
const TRUSTED_MS = 5_000

/** Devices and their access tokens. */
export class Sessions {
  readonly #deps: SessionsDeps
  readonly #cache: RequesterCache
  readonly #lastSeen: LastSeen
  readonly #pairs: TokenPairs
  readonly #loginTokens: LoginTokens

  constructor(deps: SessionsDeps) {
    this.#deps = deps
    this.#cache = new RequesterCache(deps.log)
    this.#pairs = new TokenPairs(deps)
    this.#loginTokens = new LoginTokens(deps)
    this.#lastSeen = new LastSeen({
      clock: deps.clock,
      logger: deps.logger,
      write: (seen) => store.updateLastSeen(deps.db, seen),
    })
  }

  /**
   * The owner of an access token.
   * @throws {MatrixError} 401 `M_UNKNOWN_TOKEN`, a soft logout when it has expired
   */
  async authenticate(token: string): Promise<Requester> {
    return await this.#owner(tokenHash(token))
  }

  /**
   * Looks again, for who has waited: the session may have ended meanwhile, or the account be locked.
   * @throws {MatrixError} 401 `M_UNKNOWN_TOKEN`, `M_USER_LOCKED`
   */
  async confirm({ session }: Pick<Requester, 'session'>): Promise<void> {
    const { locked } = await this.#owner(session)
    if (locked) throw userLocked()
  }

  /**
   * For who comes without a token, which would tell.
   * @throws {MatrixError} 401 `M_USER_LOCKED`
   */
  async requireUnlocked(user: UserKey): Promise<void> {
    if (await store.isLocked(this.#deps.db, user)) throw userLocked()
  }

  /** Notes that a device is in use; written to the database once a minute. */
  seen(requester: Requester, ip: string, userAgent: string): void {
    this.#lastSeen.note(requester.device, ip, userAgent)
  }

  /** Devices by user and device ID; users without account here are left out. */
  async devicesOf(
    users: readonly UserId[],
  ): Promise<ReadonlyMap<UserId, ReadonlyMap<DeviceId, DeviceKey>>> {
    return users.length === 0 ? new Map() : await store.devicesOf(this.#deps.db, users)
  }

  /**
   * Signs an account in on a new or known device.
   * @throws {MatrixError} 401 `M_USER_LOCKED`
   */
  async create(account: Account, options: NewSession = {}): Promise<Session> {
    const { db, clock, rng } = this.#deps
    await this.requireUnlocked(account.key)
    const deviceId = options.deviceId ?? parseDeviceId(rng.id(DEVICE_ID_LENGTH).toUpperCase())
    const { tokens, replaced } = await transaction(db, async (tx) => {
      const now = clock.now()
      const { displayName } = options
      const device = await store.ensureDevice(tx, { user: account.key, deviceId, displayName, now })
      const hadToken = await store.deleteTokens(tx, device)
      const made = await this.#issue(tx, device, options.refreshable === true)
      return { tokens: made, replaced: hadToken ? [device] : [] }
    })
    await this.#invalidate(replaced)
    return { ...tokens, deviceId }
  }

  /**
   * The next access and refresh token of a session.
   * @throws {MatrixError} 401 `M_UNKNOWN_TOKEN`, a soft logout when the token was used already
   */
  async refresh(refreshToken: string): Promise<Session> {
    return await this.#pairs.refresh(refreshToken)
  }

  /** Ends one session: its device and token are gone on every worker when this resolves. */
  async logout(requester: Requester): Promise<void> {
    const { user, device } = requester
    await store.deleteDevices(this.#deps.db, user, device)
    // whether or not this call deleted it: one before may have failed to tell the workers
    await this.#invalidate([device])
  }

  /** Ends all sessions of the user. */
  async logoutAll(requester: Requester): Promise<void> {
    const { user } = requester
    const devices = await store.deleteDevices(this.#deps.db, user)
    // the user too: a call before may have deleted devices and failed to tell the workers
    await this.#deps.log.append([
      { kind: 'invalidation', what: 'user', key: String(user) },
      ...devices.map(deviceEnded),
    ])
  }

  /** A token with which another client may sign in once, within `expiresInMs`. */
  async createLoginToken(requester: Requester): Promise<{ token: string; expiresInMs: number }> {
    return await this.#loginTokens.create(requester.user)
  }

  /**
   * Uses up a login token and tells whose it is.
   * @throws {MatrixError} 403 `M_FORBIDDEN` when it is unknown, used or expired
   */
  async takeLoginToken(token: string): Promise<UserId> {
    return await this.#loginTokens.take(token)
  }

  /** Writes what this worker knows of the use of devices and has not written yet. */
  async writeLastSeen(): Promise<void> {
    await this.#lastSeen.flush()
  }

  /** Writes what is still in memory. */
  async stop(): Promise<void> {
    await this.writeLastSeen()
  }

  async #issue(tx: Tx, device: DeviceKey, refreshable: boolean): Promise<Tokens> {
    if (refreshable) return await this.#pairs.issue(tx, device)
    const { clock, rng } = this.#deps
    const accessToken = newAccessToken(rng)
    const hash = databaseHash(accessToken)
    await store.insertToken(tx, { device, hash, now: clock.now() })
    return { accessToken }
  }

  async #owner(hash: string): Promise<Requester> {
    const known = this.#deps.behindMs() < TRUSTED_MS ? this.#cache.get(hash) : undefined
    const requester = known ?? (await this.#cache.load(hash, () => this.#read(hash)))
    if (requester === undefined) throw unknownToken()
    const { expiresTs } = requester
    if (expiresTs !== undefined && expiresTs <= this.#deps.clock.now()) {
      throw unknownToken({ softLogout: true })
    }
    return requester
  }

  async #read(hash: string): Promise<Requester | undefined> {
    const owner = await store.tokenOwner(this.#deps.db, hashColumn(hash))
    if (owner?.pair !== undefined) await this.#pairs.confirm(owner.pair)
    return (
      owner && {
        userId: owner.userId,
        user: owner.userKey,
        deviceId: owner.deviceId,
        device: owner.deviceKey,
        admin: owner.admin,
        guest: owner.guest,
        locked: owner.locked,
        suspended: owner.suspended,
        session: hash,
        ...(owner.expiresTs !== null && { expiresTs: owner.expiresTs }),
        mayActAs: (userId) => userId === owner.userId,
      }
    )
  }

  async #invalidate(devices: readonly DeviceKey[]): Promise<void> {
    if (devices.length === 0) return
    await this.#deps.log.append(devices.map(deviceEnded))
  }
}

const deviceEnded = (key: DeviceKey) =>
  ({ kind: 'invalidation', what: 'device', key: String(key) }) as const

export const createSessions = (deps: SessionsDeps): Sessions => new Sessions(deps)
