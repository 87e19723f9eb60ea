import type { RegistrationMode } from '#data/index.ts'
import type { Failure } from '#lib/errors.ts'
import { isValidUsername } from '#lib/user-id.ts'
import { ViewModel } from '#lib/view-model.ts'
import { type AuthDependencies, type AuthFormState, attempt, serverLabel } from './auth-form.ts'

/** The shortest password the form accepts; the server may ask for more. */
export const MIN_PASSWORD_LENGTH = 8

/** What brought the person here: a plain visit, an invitation link or the set-up link. */
export type RegistrationPurpose = 'plain' | 'invited' | 'setup'

/** What is wrong with a field, before the server is asked. */
export type FieldProblem = 'missing' | 'invalid' | 'short' | 'different'

export interface RegistrationState extends AuthFormState {
  readonly server: string
  readonly purpose: RegistrationPurpose
  readonly passwordAgain: string
  readonly token: string
  /** Undefined until the server has answered. */
  readonly mode: RegistrationMode | undefined
  /** True when the person says they have a token although the server seems closed. */
  readonly insists: boolean
  readonly problems: {
    readonly username?: FieldProblem
    readonly password?: FieldProblem
    readonly passwordAgain?: FieldProblem
    readonly token?: FieldProblem
  }
}

interface Dependencies extends AuthDependencies {
  readonly purpose: RegistrationPurpose
  readonly token: string
}

/** The form that creates an account. */
export class RegistrationViewModel extends ViewModel<RegistrationState> {
  readonly #deps: Dependencies

  constructor(deps: Dependencies) {
    super({
      homeserver: deps.origin,
      server: serverLabel(deps.origin),
      purpose: deps.purpose,
      username: '',
      password: '',
      passwordAgain: '',
      token: deps.token,
      mode: undefined,
      insists: false,
      busy: false,
      failure: undefined,
      problems: {},
    })
    this.#deps = deps
  }

  /** Whether the form makes sense, or only the explanation that registration is closed. */
  get showsForm(): boolean {
    const { mode, insists } = this.state
    return insists || this.#deps.token !== '' || mode === 'open' || mode === 'token'
  }

  /** Whether a token has to be typed; one from a link need not be shown. */
  get asksForToken(): boolean {
    const { mode, insists, purpose, failure } = this.state
    if (failure?.code === 'token-invalid') return true
    return purpose === 'plain' && (mode === 'token' || insists)
  }

  /** Asks the server how an account can be made there. */
  async loadMode(): Promise<void> {
    const { homeserver } = this.state
    const result = await attempt(async () => {
      const url = await this.#deps.authenticator.findHomeserver(homeserver)
      return this.#deps.authenticator.registrationMode(url)
    })
    if (homeserver !== this.state.homeserver) return
    if ('value' in result) this.merge({ mode: result.value, failure: undefined })
    else this.merge({ mode: undefined, failure: result.failure })
  }

  setHomeserver(homeserver: string): void {
    this.merge({ homeserver, server: serverLabel(homeserver), failure: undefined })
  }

  setUsername(username: string): void {
    this.#edit({ username: username.trim().toLowerCase() }, 'username')
  }

  setPassword(password: string): void {
    this.#edit({ password }, 'password')
  }

  setPasswordAgain(passwordAgain: string): void {
    this.#edit({ passwordAgain }, 'passwordAgain')
  }

  setToken(token: string): void {
    this.#edit({ token: token.trim() }, 'token')
  }

  /** Shows the form although the server says it is closed. */
  insistOnToken(): void {
    this.merge({ insists: true })
  }

  async submit(): Promise<void> {
    if (this.state.busy) return
    const problems = this.#findProblems()
    this.merge({ problems, failure: undefined })
    if (Object.keys(problems).length > 0) return
    this.merge({ busy: true })
    const { homeserver, username, password, token } = this.state
    const result = await attempt(async () => {
      const url = await this.#deps.authenticator.findHomeserver(homeserver)
      const given = token === '' ? undefined : token
      return this.#deps.authenticator.register(url, { username, password, token: given })
    })
    if ('value' in result) {
      this.merge({ busy: false })
      this.#deps.onSignedIn(result.value)
    } else {
      this.#refuse(result.failure)
    }
  }

  #refuse(failure: Failure): void {
    this.merge({ busy: false, failure })
  }

  #edit(part: Partial<RegistrationState>, field: keyof RegistrationState['problems']): void {
    const { [field]: _solved, ...problems } = this.state.problems
    this.merge({ ...part, problems })
  }

  #findProblems(): RegistrationState['problems'] {
    const { username, password, passwordAgain, token } = this.state
    const usernameProblem: FieldProblem | undefined =
      username === '' ? 'missing' : isValidUsername(username) ? undefined : 'invalid'
    return {
      ...(usernameProblem === undefined ? {} : { username: usernameProblem }),
      ...(password.length < MIN_PASSWORD_LENGTH ? { password: 'short' as const } : {}),
      ...(password === passwordAgain ? {} : { passwordAgain: 'different' as const }),
      ...(this.asksForToken && token === '' ? { token: 'missing' as const } : {}),
    }
  }
}
