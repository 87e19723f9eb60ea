/** A token that lets people create accounts, with its limits. */
export interface RegistrationToken {
  readonly token: string
  /** How many accounts it may make; undefined is without limit. */
  readonly usesAllowed: number | undefined
  readonly completed: number
  /** Milliseconds since the epoch; undefined is never. */
  readonly expiresAt: number | undefined
}

/** Administration of invitation links. Only server administrators may use it. */
export interface RegistrationLinks {
  /** Whether this account is a server administrator. Never rejects. */
  isAdministrator(): Promise<boolean>
  list(): Promise<readonly RegistrationToken[]>
  create(options: {
    readonly usesAllowed: number | undefined
    readonly expiresAt: number | undefined
  }): Promise<RegistrationToken>
  remove(token: string): Promise<void>
  /** The address to hand out for a token. */
  linkFor(token: string): string
}
