import type { Kysely } from 'kysely'
import { transaction, type Schema } from '#db/db.ts'
import type { Requester } from './requester.ts'
import type { DeviceKey, Log } from '#log/types.ts'
import { forbidden, unknownToken } from '#matrix/errors.ts'
import { parseDeviceId, type DeviceId, type UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Rng } from '#platform/rng.ts'
import type { Account } from '#services/accounts/index.ts'
import { LastSeen } from './last-seen.ts'
import { RequesterCache } from './requester-cache.ts'
import * as store from './store.ts'
import { hashColumn, newAccessToken, newLoginToken, tokenHash } from './token.ts'

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
}

export interface Session {
  readonly accessToken: string
  readonly deviceId: DeviceId
}

/** How long a login token is good for, in milliseconds. */
const LOGIN_TOKEN_MS = 120_000
const DEVICE_ID_LENGTH = 10
/** A worker that has not heard from the log for longer asks the database whether a session still stands. */
const TRUSTED_MS = 5_000

/** Devices and their access tokens. */
export class Sessions {
  readonly #deps: SessionsDeps
  readonly #cache: RequesterCache
  readonly #lastSeen: LastSeen

  constructor(deps: SessionsDeps) {
    this.#deps = deps
    this.#cache = new RequesterCache(deps.log)
    this.#lastSeen = new LastSeen({
      clock: deps.clock,
      logger: deps.logger,
      write: (seen) => store.updateLastSeen(deps.db, seen),
    })
  }

  /**
   * The owner of an access token.
   * @throws {MatrixError} 401 `M_UNKNOWN_TOKEN`
   */
  async authenticate(token: string): Promise<Requester> {
    return await this.#owner(tokenHash(token))
  }

  /**
   * Looks again, for who has waited: the session may have ended meanwhile.
   * @throws {MatrixError} 401 `M_UNKNOWN_TOKEN`
   */
  async confirm({ session }: Pick<Requester, 'session'>): Promise<void> {
    await this.#owner(session)
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

  /** Signs an account in on a new or known device. */
  async create(account: Account, options: NewSession = {}): Promise<Session> {
    const { db, clock, rng } = this.#deps
    const deviceId = options.deviceId ?? parseDeviceId(rng.id(DEVICE_ID_LENGTH).toUpperCase())
    const accessToken = newAccessToken(rng)
    const replaced = await transaction(db, async (tx) => {
      const now = clock.now()
      const { displayName } = options
      const device = await store.ensureDevice(tx, { user: account.key, deviceId, displayName, now })
      const hadToken = await store.replaceToken(tx, {
        device,
        hash: hashColumn(tokenHash(accessToken)),
        now,
      })
      return hadToken ? [device] : []
    })
    await this.#invalidate(replaced)
    return { accessToken, deviceId }
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
    const { db, clock, rng } = this.#deps
    const token = newLoginToken(rng)
    const now = clock.now()
    await store.deleteExpiredLoginTokens(db, now)
    await store.insertLoginToken(db, {
      hash: hashColumn(tokenHash(token)),
      user_key: requester.user,
      expires_ts: now + LOGIN_TOKEN_MS,
    })
    return { token, expiresInMs: LOGIN_TOKEN_MS }
  }

  /**
   * Uses up a login token and tells whose it is.
   * @throws {MatrixError} 403 `M_FORBIDDEN` when it is unknown, used or expired
   */
  async takeLoginToken(token: string): Promise<UserId> {
    const { db, clock } = this.#deps
    const userId = await store.takeLoginToken(db, hashColumn(tokenHash(token)), clock.now())
    if (userId === undefined) throw forbidden('The login token is not valid or has expired.')
    return userId
  }

  /** Writes what is still in memory. */
  async stop(): Promise<void> {
    await this.#lastSeen.flush()
  }

  async #owner(hash: string): Promise<Requester> {
    const known = this.#deps.behindMs() < TRUSTED_MS ? this.#cache.get(hash) : undefined
    const requester = known ?? (await this.#cache.load(hash, () => this.#read(hash)))
    if (requester === undefined) throw unknownToken()
    return requester
  }

  async #read(hash: string): Promise<Requester | undefined> {
    const owner = await store.tokenOwner(this.#deps.db, hashColumn(hash))
    return (
      owner && {
        userId: owner.userId,
        user: owner.userKey,
        deviceId: owner.deviceId,
        device: owner.deviceKey,
        admin: owner.admin,
        session: hash,
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
