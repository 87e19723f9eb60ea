import { type MatrixClient, UserEvent } from 'matrix-js-sdk'
import type { Dispose } from '#lib/disposables.ts'
import { Emitter } from '#lib/emitter.ts'
import { localpartOf, serverNameOf } from '#lib/user-id.ts'
import type { Profile } from '../model/account.ts'
import { guarded } from './failures.ts'

/** The profile of the client's own account. */
export class MatrixProfile implements Profile {
  readonly userId: string
  readonly serverName: string
  readonly #client: MatrixClient
  readonly #changed = new Emitter()
  readonly #onUser = (_event: unknown, user: { readonly userId: string }): void => {
    if (user.userId === this.userId) void this.refresh()
  }
  #name: string

  constructor(client: MatrixClient) {
    this.#client = client
    this.userId = client.getSafeUserId()
    this.serverName = serverNameOf(this.userId)
    this.#name = localpartOf(this.userId)
    client.on(UserEvent.DisplayName, this.#onUser)
  }

  displayName(): string {
    return this.#name
  }

  onProfileChanged(listener: () => void): Dispose {
    return this.#changed.subscribe(listener)
  }

  async setDisplayName(name: string): Promise<void> {
    await guarded(this.#client.setDisplayName(name))
    this.#setName(name)
  }

  /** Asks the server for the current name; keeps the old one when it does not answer. */
  async refresh(): Promise<void> {
    try {
      const profile = await this.#client.getProfileInfo(this.userId)
      this.#setName(profile.displayname ?? '')
    } catch {
      // The user id stays as the name.
    }
  }

  dispose(): void {
    this.#client.off(UserEvent.DisplayName, this.#onUser)
  }

  #setName(name: string): void {
    this.#name = name === '' ? localpartOf(this.userId) : name
    this.#changed.emit()
  }
}
