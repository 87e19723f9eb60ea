import type { RegistrationLinks, RegistrationToken } from '#data/index.ts'
import { type Failure, asFailure } from '#lib/errors.ts'
import { ViewModel } from '#lib/view-model.ts'
import type { Platform } from '#platform/platform.ts'

export type { RegistrationToken } from '#data/index.ts'

const DAY_MS = 86_400_000

export interface RegistrationLinksState {
  /** Undefined until they are loaded. */
  readonly tokens: readonly RegistrationToken[] | undefined
  /** How many accounts the next link may make; 0 is any number. */
  readonly uses: number
  /** For how many days the next link is valid; 0 is for ever. */
  readonly days: number
  /** The link made last, ready to be copied. */
  readonly created: string | undefined
  readonly busy: boolean
  readonly failure: Failure | undefined
}

interface Dependencies {
  readonly links: RegistrationLinks
  readonly platform: Pick<Platform, 'now' | 'copyText'>
}

/** Links with which people can create accounts on the server. */
export class RegistrationLinksViewModel extends ViewModel<RegistrationLinksState> {
  readonly #links: RegistrationLinks
  readonly #platform: Dependencies['platform']

  constructor({ links, platform }: Dependencies) {
    super({
      tokens: undefined,
      uses: 1,
      days: 7,
      created: undefined,
      busy: false,
      failure: undefined,
    })
    this.#links = links
    this.#platform = platform
    void this.load()
  }

  setUses(uses: number): void {
    this.merge({ uses })
  }

  setDays(days: number): void {
    this.merge({ days })
  }

  linkFor(token: string): string {
    return this.#links.linkFor(token)
  }

  /** Whether a link can no longer be used. */
  isExpired({ expiresAt, usesAllowed, completed }: RegistrationToken): boolean {
    const late = expiresAt !== undefined && expiresAt <= this.#platform.now()
    return late || (usesAllowed !== undefined && completed >= usesAllowed)
  }

  async load(): Promise<void> {
    await this.#run(async () => this.merge({ tokens: await this.#links.list() }))
  }

  async create(): Promise<void> {
    const { uses, days } = this.state
    await this.#run(async () => {
      const { token } = await this.#links.create({
        usesAllowed: uses === 0 ? undefined : uses,
        expiresAt: days === 0 ? undefined : this.#platform.now() + days * DAY_MS,
      })
      this.merge({ created: this.linkFor(token), tokens: await this.#links.list() })
    })
  }

  async remove(token: string): Promise<void> {
    await this.#run(async () => {
      await this.#links.remove(token)
      const { created } = this.state
      this.merge({
        tokens: await this.#links.list(),
        created: created === this.linkFor(token) ? undefined : created,
      })
    })
  }

  /** Copies a link; resolves to whether the browser allowed it. */
  async copy(link: string): Promise<boolean> {
    try {
      await this.#platform.copyText(link)
      return true
    } catch {
      return false
    }
  }

  async #run(action: () => Promise<void>): Promise<void> {
    if (this.state.busy) return
    this.merge({ busy: true, failure: undefined })
    try {
      await action()
    } catch (error) {
      this.merge({ failure: asFailure(error) })
    }
    this.merge({ busy: false })
  }
}
