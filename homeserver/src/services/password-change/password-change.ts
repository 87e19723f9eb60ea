import type { DeviceKey } from '#log/types.ts'
import type { Account, Accounts } from '#services/accounts/index.ts'
import type { Devices } from '#services/sessions/index.ts'
import type { Uia } from '#services/uia/index.ts'

export interface PasswordChangeDeps {
  readonly accounts: Pick<Accounts, 'setPassword'>
  readonly devices: Pick<Devices, 'deleteWithin' | 'tellEnded'>
  readonly uia: Pick<Uia, 'proofs'>
}

export interface PasswordChangeOptions {
  /** The device that asked, which stays signed in. */
  readonly keep: DeviceKey | undefined
  /** Whether all other devices end. */
  readonly logoutDevices: boolean
}

/** Changes passwords, with what hangs on them. */
export function createPasswordChange({ accounts, devices, uia }: PasswordChangeDeps) {
  return {
    /**
     * Sets an account's password.
     * @throws {MatrixError} 400 `M_WEAK_PASSWORD`
     */
    async change(
      account: Account,
      password: string,
      { keep, logoutDevices }: PasswordChangeOptions,
    ): Promise<void> {
      const { key, userId } = account
      let ended: readonly DeviceKey[] = []
      await accounts.setPassword(account, password, async (tx) => {
        await uia.proofs.forget(userId, tx)
        ended = logoutDevices ? await devices.deleteWithin(tx, key, keep) : []
      })
      if (logoutDevices) await devices.tellEnded(key, ended)
    },
  }
}
