import type { Kysely } from 'kysely'
import { transaction, type Schema, type Tx } from '#db/db.ts'
import { isConflict } from '#db/errors.ts'
import type { Dictionary, UserKey } from '#log/types.ts'
import { forbidden, MatrixError, userInUse } from '#matrix/errors.ts'
import type { ServerName, UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { PasswordHasher } from '#policies/password-hasher.ts'
import type { RateLimiter } from '#policies/rate-limiter.ts'
import * as closing from './closing-store.ts'
import { namedUser, newUserId } from './localpart.ts'
import {
  accountById,
  anyAccount,
  guestKeys,
  insertAccount,
  promoteGuest,
  type AccountRow,
  updatePassword,
} from './store.ts'

/** A user of this server. */
export interface Account {
  readonly key: UserKey
  readonly userId: UserId
  readonly admin: boolean
  readonly deactivated: boolean
}

export interface NewAccount {
  /** The name before the colon; capitals become small letters. */
  readonly localpart: string
  /** Without one, the account cannot sign in by password. */
  readonly password?: string
  readonly admin?: boolean
  readonly guest?: boolean
}

export interface AccountsDeps {
  readonly db: Kysely<Schema>
  readonly dictionary: Pick<Dictionary, 'user'>
  readonly clock: Clock
  readonly serverName: ServerName
  readonly passwordHasher: PasswordHasher
  readonly limiter: RateLimiter
  /** Fewest characters of a new password. */
  readonly minPasswordLength: number
}

export type Accounts = Readonly<ReturnType<typeof createAccounts>>

/** Who has an account here and which password opens it. */
export function createAccounts(deps: AccountsDeps) {
  const { db, limiter, passwordHasher } = deps
  let decoy: Promise<string> | undefined

  /** A check costs the same without an account, so that the time does not tell which users exist. */
  async function opens(row: AccountRow | undefined, password: string): Promise<boolean> {
    if (typeof row?.passwordHash === 'string') {
      return await passwordHasher.verify(row.passwordHash, password)
    }
    decoy ??= passwordHasher.hash('decoy')
    await passwordHasher.verify(await decoy, password)
    return false
  }

  const service = {
    /**
     * The user ID that a new account would have.
     * @throws {MatrixError} 400 `M_INVALID_USERNAME`, `M_USER_IN_USE`
     */
    async requireAvailable(localpart: string): Promise<UserId> {
      const userId = newUserId(localpart, deps.serverName)
      if ((await accountById(db, userId)) !== undefined) throw userInUse()
      return userId
    },

    /** @throws {MatrixError} 400 `M_WEAK_PASSWORD` */
    requireStrong(password: string): void {
      if (password.length >= Math.max(deps.minPasswordLength, 1)) return
      const length = Math.max(deps.minPasswordLength, 1)
      const message = `The password must have at least ${length} characters.`
      throw new MatrixError(400, 'M_WEAK_PASSWORD', message)
    },

    /**
     * Makes an account. `within` runs in the same transaction, maybe more than once: what it
     * throws prevents the account.
     * @throws {MatrixError} 400 `M_INVALID_USERNAME`, `M_USER_IN_USE`, `M_WEAK_PASSWORD`
     */
    async create(input: NewAccount, within?: (tx: Tx) => Promise<void>): Promise<Account> {
      const userId = await service.requireAvailable(input.localpart)
      if (input.password !== undefined) service.requireStrong(input.password)
      const passwordHash =
        input.password === undefined ? null : await passwordHasher.hash(input.password)
      const { key } = await deps.dictionary.user(userId)
      const admin = input.admin === true
      try {
        await transaction(db, async (tx) => {
          await within?.(tx)
          await insertAccount(tx, {
            user_key: key,
            user_id: userId,
            password_hash: passwordHash,
            admin,
            guest: input.guest === true,
            created_ts: deps.clock.now(),
          })
        })
      } catch (error) {
        throw isConflict(error) ? userInUse() : error
      }
      return { key, userId, admin, deactivated: false }
    },

    /**
     * Makes a full account of a guest's. `within` runs in the same transaction, maybe more than once:
     * what it throws prevents it.
     * @throws {MatrixError} 403 when it is no guest's, or no longer; 400 `M_WEAK_PASSWORD`
     */
    async promoteGuest(
      guest: Pick<Account, 'key' | 'userId'>,
      { password, admin }: { readonly password: string; readonly admin: boolean },
      within: (tx: Tx) => Promise<void>,
    ): Promise<Account> {
      service.requireStrong(password)
      const passwordHash = await passwordHasher.hash(password)
      await transaction(db, async (tx) => {
        await within(tx)
        const values = { password_hash: passwordHash, admin }
        if (!(await promoteGuest(tx, guest.key, values))) throw forbidden('This is not a guest.')
      })
      return { key: guest.key, userId: guest.userId, admin, deactivated: false }
    },

    /**
     * Replaces the password. `within` runs in the same transaction, maybe more than once.
     * @throws {MatrixError} 400 `M_WEAK_PASSWORD`
     */
    async setPassword(
      account: Account,
      password: string,
      within?: (tx: Tx) => Promise<void>,
    ): Promise<void> {
      service.requireStrong(password)
      const passwordHash = await passwordHasher.hash(password)
      await transaction(db, async (tx) => {
        await updatePassword(tx, account.key, passwordHash)
        await within?.(tx)
      })
    },

    async find(userId: UserId): Promise<Account | undefined> {
      const row = await accountById(db, userId)
      return row && toAccount(row)
    },

    /** The user that a sign-in form means: a full user ID, or a localpart of this server. */
    named(user: string): UserId | undefined {
      return namedUser(user, deps.serverName)
    },

    /**
     * Checks a password, with the limits by account.
     * @param user a full user ID or a localpart
     * @throws {MatrixError} 403 `M_FORBIDDEN`, `M_USER_DEACTIVATED`, 429
     */
    async signIn(user: string, password: string): Promise<Account> {
      const userId = service.named(user)
      const counted = userId ?? 'no user ID'
      await limiter.consume('login-account', counted)
      await limiter.check('login-failed', counted)
      const row = userId && (await accountById(db, userId))
      const opened = await opens(row, password)
      // deactivating may have wiped the password, and then nobody can prove whose account it was
      if (row !== undefined && opened) {
        if (row.deactivated) throw deactivated()
        return toAccount(row)
      }
      await limiter.consume('login-failed', counted)
      throw wrong()
    },

    /**
     * Closes an account for ever; {@link leaving} names it until {@link hasLeft}. `within` runs in
     * the same transaction, maybe more than once.
     */
    async deactivate(
      account: Account,
      { erase }: { readonly erase: boolean },
      within: (tx: Tx) => Promise<void>,
    ): Promise<void> {
      await transaction(db, async (tx) => {
        await closing.closeAccount(tx, account.key, erase)
        await within(tx)
      })
    },

    /** Closed accounts that may still be in rooms. */
    leaving: (): Promise<closing.ClosedAccount[]> => closing.leavingAccounts(db),

    /** A closed account is in no room any more. */
    hasLeft: (user: UserKey): Promise<void> => closing.setLeft(db, user),

    /** The guests among these users, or all. */
    guests: (among?: readonly UserKey[]): Promise<UserKey[]> => guestKeys(db, among),

    /** True once anybody but guests has an account. */
    anyExists: (): Promise<boolean> => anyAccount(db),
  }
  return service
}

const wrong = () => forbidden('Wrong user name or password.')

const toAccount = (row: AccountRow): Account => ({
  key: row.userKey,
  userId: row.userId,
  admin: row.admin,
  deactivated: row.deactivated,
})

const deactivated = () =>
  new MatrixError(403, 'M_USER_DEACTIVATED', 'This account has been deactivated.')
