import type { Authenticator, Credentials, RegistrationMode } from '#data/index.ts'

/** Accepts everybody unless told what to throw. */
export class FakeAuthenticator implements Authenticator {
  readonly calls: unknown[] = []
  mode: RegistrationMode = 'open'
  failure: Error | undefined

  findHomeserver = (input: string): Promise<string> => this.#answer(input)

  registrationMode = (): Promise<RegistrationMode> => this.#answer(this.mode)

  signIn(url: string, login: { readonly username: string }): Promise<Credentials> {
    this.calls.push(login)
    return this.#answer(this.#credentials(url, login.username))
  }

  register(url: string, account: { readonly username: string }): Promise<Credentials> {
    this.calls.push(account)
    return this.#answer(this.#credentials(url, account.username))
  }

  #credentials(homeserverUrl: string, username: string): Credentials {
    return { homeserverUrl, userId: `@${username}:h`, deviceId: 'D', accessToken: 't' }
  }

  #answer<T>(value: T): Promise<T> {
    return this.failure === undefined ? Promise.resolve(value) : Promise.reject(this.failure)
  }
}
