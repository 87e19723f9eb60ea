import type { Profile, RegistrationLinks } from '#data/index.ts'
import { type Failure, asFailure } from '#lib/errors.ts'
import { ViewModel } from '#lib/view-model.ts'

export interface AccountState {
  readonly userId: string
  readonly displayName: string
  readonly isAdministrator: boolean
  readonly busy: boolean
  readonly failure: Failure | undefined
}

/** The person's own account. */
export class AccountViewModel extends ViewModel<AccountState> {
  readonly #profile: Profile

  constructor(deps: { readonly profile: Profile; readonly registrationLinks: RegistrationLinks }) {
    super({
      userId: deps.profile.userId,
      displayName: deps.profile.displayName(),
      isAdministrator: false,
      busy: false,
      failure: undefined,
    })
    this.#profile = deps.profile
    this.disposables.add(
      this.#profile.onProfileChanged(() =>
        this.merge({ displayName: this.#profile.displayName() }),
      ),
    )
    void this.#findOutRole(deps.registrationLinks)
  }

  /** Saves a display name; resolves to whether that worked. */
  async setDisplayName(name: string): Promise<boolean> {
    if (this.state.busy) return false
    this.merge({ busy: true, failure: undefined })
    try {
      await this.#profile.setDisplayName(name.trim())
      this.merge({ busy: false })
      return true
    } catch (error) {
      this.merge({ busy: false, failure: asFailure(error) })
      return false
    }
  }

  /** Forgets an error shown earlier. */
  clearFailure(): void {
    this.merge({ failure: undefined })
  }

  async #findOutRole(links: RegistrationLinks): Promise<void> {
    this.merge({ isAdministrator: await links.isAdministrator() })
  }
}
