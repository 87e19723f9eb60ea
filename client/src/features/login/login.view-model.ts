import { Failure } from '#lib/errors.ts'
import { ViewModel } from '#lib/view-model.ts'
import { type AuthDependencies, type AuthFormState, attempt, serverLabel } from './auth-form.ts'

export interface LoginState extends AuthFormState {
  readonly server: string
  /** True when the server ended the session before. */
  readonly signedOut: boolean
  readonly usernameMissing: boolean
  readonly passwordMissing: boolean
}

/** The sign-in form. */
export class LoginViewModel extends ViewModel<LoginState> {
  readonly #deps: AuthDependencies

  constructor(deps: AuthDependencies & { readonly signedOut: boolean }) {
    super({
      homeserver: deps.origin,
      server: serverLabel(deps.origin),
      username: '',
      password: '',
      busy: false,
      failure: undefined,
      signedOut: deps.signedOut,
      usernameMissing: false,
      passwordMissing: false,
    })
    this.#deps = deps
  }

  setHomeserver(homeserver: string): void {
    this.merge({ homeserver, server: serverLabel(homeserver), failure: undefined })
  }

  setUsername(username: string): void {
    this.merge({ username, usernameMissing: false })
  }

  setPassword(password: string): void {
    this.merge({ password, passwordMissing: false })
  }

  async submit(): Promise<void> {
    const { homeserver, password, busy } = this.state
    const username = this.state.username.trim()
    if (busy) return
    if (username === '' || password === '') {
      this.merge({ usernameMissing: username === '', passwordMissing: password === '' })
      return
    }
    this.merge({ busy: true, failure: undefined })
    const result = await attempt(async () => {
      const url = await this.#deps.authenticator.findHomeserver(homeserver)
      return this.#deps.authenticator.signIn(url, { username, password })
    })
    this.merge({ busy: false, ...('failure' in result ? { failure: result.failure } : {}) })
    if ('value' in result) this.#deps.onSignedIn(result.value)
    else if (result.failure instanceof Failure && result.failure.code === 'wrong-credentials') {
      this.merge({ password: '' })
    }
  }
}
