/** Everything needed to act as one account on one device. */
export interface Credentials {
  readonly homeserverUrl: string
  readonly userId: string
  readonly deviceId: string
  readonly accessToken: string
}

/** Who may create an account on a server. */
export type RegistrationMode = 'open' | 'token' | 'closed' | 'unsupported'

/** Makes sessions. Every method rejects with a Failure. */
export interface Authenticator {
  /** Turns what a person typed into the base URL of a homeserver that answers. */
  findHomeserver(input: string): Promise<string>
  signIn(
    homeserverUrl: string,
    login: { readonly username: string; readonly password: string },
  ): Promise<Credentials>
  /** Asks the server how an account can be made. */
  registrationMode(homeserverUrl: string): Promise<RegistrationMode>
  register(
    homeserverUrl: string,
    account: {
      readonly username: string
      readonly password: string
      readonly token: string | undefined
    },
  ): Promise<Credentials>
}

/** Where the session of this device is kept between visits. */
export interface SessionStore {
  load(): Credentials | undefined
  save(credentials: Credentials): void
  clear(): void
}
