import type { LogReads } from '#log/reads.ts'
import type { DeviceKey, Dictionary, Log, UserKey } from '#log/types.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'
import type { Account, Accounts, ClosedAccount } from '#services/accounts/index.ts'
import type { Profiles } from '#services/profiles/index.ts'
import type { Sending } from '#services/sending/index.ts'
import type { Devices } from '#services/sessions/index.ts'
import { leaveRooms } from './leave-rooms.ts'

export interface DeactivationDeps {
  readonly accounts: Pick<Accounts, 'deactivate' | 'leaving' | 'hasLeft'>
  readonly devices: Pick<Devices, 'deleteWithin' | 'tellEnded'>
  readonly profiles: Pick<Profiles, 'deleteWithin'>
  readonly dictionary: Pick<Dictionary, 'roomsByKey'>
  readonly reads: Pick<LogReads, 'membershipsOf' | 'accountDataOf'>
  readonly log: Pick<Log, 'append' | 'head'>
  readonly sending: Pick<Sending, 'send'>
  readonly clock: Clock
  readonly logger: Logger
}

/** Until what could not be finished is tried again, in milliseconds. */
const RETRY_MS = 60_000
/** Deletions of account data in one append. */
const ITEMS_AT_ONCE = 100

/**
 * Ends accounts for ever. That the account is closed is one transaction; leaving its rooms comes
 * after, and is taken up again by the next start if it was not finished.
 */
export class Deactivation {
  readonly #deps: DeactivationDeps
  #cancel: (() => void) | undefined
  #running: Promise<void> | undefined
  #stopped = false

  constructor(deps: DeactivationDeps) {
    this.#deps = deps
  }

  /**
   * Closes an account: password, devices, tokens and profile are gone, the name stays taken. It has
   * left its rooms and rejected its invitations when this resolves, unless the server is in
   * trouble: then it will.
   * @param erase also deletes what the user stored, and shows the user's events pruned to those
   *   who were not in the room when they were sent
   * @throws {MatrixError} 503 when the workers could not be told to forget the tokens yet
   */
  async deactivate(account: Account, { erase }: { readonly erase: boolean }): Promise<void> {
    const { accounts, devices, profiles } = this.#deps
    const { key } = account
    let ended: readonly DeviceKey[] = []
    await accounts.deactivate(account, { erase }, async (tx) => {
      ended = await devices.deleteWithin(tx, key)
      await profiles.deleteWithin(tx, key)
    })
    try {
      await devices.tellEnded(key, ended)
    } catch (error) {
      this.#retryLater()
      throw error
    }
    await this.#finish({ ...account, erased: erase })
  }

  /** Takes up what an earlier process did not finish. */
  start(): void {
    this.#running = this.#finishAll()
  }

  /** Resolves once nothing is under way any more. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await this.#running
  }

  async #finishAll(): Promise<void> {
    const { accounts, devices, logger } = this.#deps
    try {
      for (const account of await accounts.leaving()) {
        if (this.#stopped) return
        // once more: the process before may have ended without telling
        await devices.tellEnded(account.key, [])
        await this.#finish(account)
      }
    } catch (error) {
      logger.warn({ err: error }, 'deactivated accounts could not be finished yet')
      this.#retryLater()
    }
  }

  /** Does what is left to do; what fails is tried again. */
  async #finish(account: ClosedAccount): Promise<void> {
    const { accounts, logger } = this.#deps
    try {
      await leaveRooms(account, this.#deps)
      if (account.erased) await this.#eraseAccountData(account.key)
      await accounts.hasLeft(account.key)
    } catch (error) {
      logger.warn({ err: error }, 'a deactivated account could not leave its rooms yet')
      this.#retryLater()
    }
  }

  async #eraseAccountData(user: UserKey): Promise<void> {
    const { log, reads } = this.#deps
    const stored = await reads.accountDataOf(user, { after: 0, upTo: log.head })
    const kept = stored.filter(({ content }) => content !== '{}')
    for (let at = 0; at < kept.length; at += ITEMS_AT_ONCE) {
      await log.append(
        kept
          .slice(at, at + ITEMS_AT_ONCE)
          .map(({ kind, room, type }) => ({ kind, user, room, type, content: '{}' })),
      )
    }
  }

  #retryLater(): void {
    if (this.#stopped) return
    this.#cancel?.()
    this.#cancel = this.#deps.clock.after(RETRY_MS, () => this.start())
  }
}

export const createDeactivation = (deps: DeactivationDeps): Deactivation => new Deactivation(deps)
