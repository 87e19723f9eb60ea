import type { Tx } from '#db/db.ts'
import type { DeviceKey, UserKey } from '#log/types.ts'
import { forbidden, MatrixError, missingParam } from '#matrix/errors.ts'
import type { UserId } from '#matrix/ids.ts'
import type { Account, Accounts } from '#services/accounts/index.ts'
import type { Devices, Sessions } from '#services/sessions/index.ts'

export interface GuestPromotionDeps {
  readonly accounts: Pick<Accounts, 'named' | 'promoteGuest'>
  readonly sessions: Pick<Sessions, 'authenticate'>
  readonly devices: Pick<Devices, 'deleteWithin' | 'tellEnded'>
}

interface Guest {
  readonly key: UserKey
  readonly userId: UserId
}

/**
 * Guests who register keep their user ID, with all that hangs on it.
 * https://spec.matrix.org/v1.19/client-server-api/#guest-access
 */
export class GuestPromotion {
  readonly #deps: GuestPromotionDeps

  constructor(deps: GuestPromotionDeps) {
    this.#deps = deps
  }

  /**
   * The guest that an access token belongs to.
   * @param username the name to register, which must be the guest's
   * @throws {MatrixError} 403 when the token or the name is not a guest's, 400 without a name
   */
  async guest(accessToken: string, username: string | undefined): Promise<Guest> {
    if (username === undefined) throw missingParam('username')
    const { accounts, sessions } = this.#deps
    try {
      const owner = await sessions.authenticate(accessToken)
      const isMeant = accounts.named(username) === owner.userId
      if (owner.guest && !owner.locked && isMeant) return { key: owner.user, userId: owner.userId }
    } catch (error) {
      // a 401 would be taken for a challenge to authenticate
      if (!(error instanceof MatrixError) || error.status !== 401) throw error
    }
    throw forbidden('This is not the access token of a guest with this name.')
  }

  /**
   * Makes a full account of the guest's; the guest's own sessions end.
   * @throws {MatrixError} 403 when somebody was faster
   */
  async promote(
    guest: Guest,
    account: { readonly password: string; readonly admin: boolean },
    within: (tx: Tx) => Promise<void>,
  ): Promise<Account> {
    const { accounts, devices } = this.#deps
    let ended: readonly DeviceKey[] = []
    const promoted = await accounts.promoteGuest(guest, account, async (tx) => {
      await within(tx)
      ended = await devices.deleteWithin(tx, guest.key)
    })
    await devices.tellEnded(guest.key, ended)
    return promoted
  }
}
