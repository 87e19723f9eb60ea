import type { Account, Authenticator, Credentials, SessionStore } from '#data/index.ts'
import { ViewModel } from '#lib/view-model.ts'
import type { Platform } from '#platform/platform.ts'

/** Whether somebody is signed in, and as whom. */
export type SessionState =
  | { readonly stage: 'starting' }
  | { readonly stage: 'signed-out'; readonly byServer: boolean }
  | { readonly stage: 'signed-in'; readonly account: Account }

interface Dependencies {
  readonly store: SessionStore
  readonly platform: Platform
  readonly authenticator: Authenticator
  readonly openAccount: (credentials: Credentials, platform: Platform) => Promise<Account>
}

/** The session of this device, from signing in to signing out. */
export class SessionViewModel extends ViewModel<{ readonly session: SessionState }> {
  readonly authenticator: Authenticator
  readonly platform: Platform
  readonly #store: SessionStore
  readonly #openAccount: Dependencies['openAccount']

  constructor({ store, platform, authenticator, openAccount }: Dependencies) {
    super({ session: { stage: 'starting' } })
    this.#store = store
    this.platform = platform
    this.authenticator = authenticator
    this.#openAccount = openAccount
  }

  /** Goes on with the session kept on this device, if there is one. */
  async resume(): Promise<void> {
    const credentials = this.#store.load()
    if (credentials === undefined) {
      this.merge({ session: { stage: 'signed-out', byServer: false } })
    } else {
      await this.#open(credentials)
    }
  }

  /** Keeps a new session and opens it. */
  async enter(credentials: Credentials): Promise<void> {
    this.#store.save(credentials)
    await this.#open(credentials)
  }

  /** Ends the session on the server and here. */
  async signOut(): Promise<void> {
    const { session } = this.state
    if (session.stage !== 'signed-in') return
    this.#store.clear()
    this.merge({ session: { stage: 'starting' } })
    await session.account.signOut()
    this.merge({ session: { stage: 'signed-out', byServer: false } })
  }

  async #open(credentials: Credentials): Promise<void> {
    const account = await this.#openAccount(credentials, this.platform)
    account.connection.onStatusChanged(() => {
      if (account.connection.status() === 'signed-out') void this.#endedByServer(account)
    })
    this.merge({ session: { stage: 'signed-in', account } })
    await account.start()
  }

  async #endedByServer(account: Account): Promise<void> {
    const { session } = this.state
    if (session.stage !== 'signed-in' || session.account !== account) return
    this.#store.clear()
    this.merge({ session: { stage: 'signed-out', byServer: true } })
    await account.forget()
  }
}
