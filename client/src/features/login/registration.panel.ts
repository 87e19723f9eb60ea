import { html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { baseStyles } from '#components/base.styles.ts'
import { buttonStyles } from '#components/button.styles.ts'
import { onSubmit, valueOf } from '#components/dom-events.ts'
import { formStyles } from '#components/form.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import '#components/text-field.ts'
import { t } from '#i18n/t.ts'
import { brand, formError, homeserverField } from './auth-parts.ts'
import { authStyles } from './auth.styles.ts'
import {
  type FieldProblem,
  MIN_PASSWORD_LENGTH,
  type RegistrationViewModel,
} from './registration.view-model.ts'

const titles = {
  plain: 'register.title',
  invited: 'register.title-invited',
  setup: 'register.title-setup',
} as const

function problemText(
  field: 'username' | 'password' | 'passwordAgain' | 'token',
  problem: FieldProblem | undefined,
): string {
  if (problem === undefined) return ''
  if (field === 'username') {
    return t(problem === 'missing' ? 'register.username-empty' : 'error.username-invalid')
  }
  if (field === 'password') return t('register.password-short', { count: MIN_PASSWORD_LENGTH })
  return t(field === 'token' ? 'field.required' : 'register.password-mismatch')
}

/**
 * @summary The page that creates an account: plainly, by invitation, or as the first one.
 * @status stable
 */
@customElement('hearth-registration-panel')
export class HearthRegistrationPanel extends HearthElement {
  static override styles = [baseStyles, buttonStyles, formStyles, authStyles]

  @property({ attribute: false }) viewModel!: RegistrationViewModel

  /** Touch screens would open their keyboard over the page. */
  #focused = false

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  protected override updated(): void {
    if (this.#focused || !matchMedia('(pointer: fine)').matches) return
    const first = this.renderRoot.querySelector('hearth-text-field')
    this.#focused = first !== null
    void first?.updateComplete.then(() => first.focus())
  }

  override render() {
    const model = this.viewModel
    const { purpose, mode, failure } = model.state
    const waiting = !model.showsForm && mode === undefined && failure === undefined
    return html`<main>
      ${brand()}
      <div class="card">
        ${waiting ? nothing : model.showsForm ? this.#open() : this.#closed()}
        ${
          purpose === 'setup'
            ? nothing
            : html`<p class="switch">
                ${t('register.have-account')} <a href="#/login">${t('register.to-login')}</a>
              </p>`
        }
      </div>
    </main>`
  }

  /** The server did not say how accounts are made. */
  #unreachable() {
    const model = this.viewModel
    return html`<h1>${t(titles[model.state.purpose])}</h1>
      <p class="lead">${t('register.lead', { server: model.state.server })}</p>
      <div class="form">
        ${formError(model.state.failure)}
        <button class="button" type="button" data-wide @click=${() => model.loadMode()}>
          ${t('action.retry')}
        </button>
        ${this.#homeserver()}
      </div>`
  }

  #closed() {
    const model = this.viewModel
    if (model.state.mode === undefined) return this.#unreachable()
    const unsupported = model.state.mode === 'unsupported'
    return html`<h1>${t('register.closed-title')}</h1>
      <p class="lead">
        ${unsupported ? t('error.registration-unsupported') : t('register.closed')}
      </p>
      <div class="form">
        ${formError(model.state.failure)}
        <button class="button" type="button" data-wide @click=${() => model.insistOnToken()}>
          ${t('register.have-token')}
        </button>
        ${this.#homeserver()}
      </div>`
  }

  #lead(): string {
    const { purpose, server } = this.viewModel.state
    if (purpose === 'setup') return t('register.lead-setup')
    return purpose === 'invited' ? t('register.lead-invited') : t('register.lead', { server })
  }

  #open() {
    const model = this.viewModel
    const { state } = model
    const submit = state.purpose === 'setup' ? t('register.submit-setup') : t('register.submit')
    return html`<h1>${t(titles[state.purpose])}</h1>
      <p class="lead">${this.#lead()}</p>
      <form novalidate aria-label=${submit} @submit=${onSubmit(() => model.submit())}>
        ${this.#username()} ${this.#passwords()} ${model.asksForToken ? this.#token() : nothing}
        ${state.purpose === 'setup' ? nothing : this.#homeserver()} ${formError(state.failure)}
        <button
          class="button"
          data-variant="primary"
          data-wide
          type="submit"
          aria-busy=${state.busy ? 'true' : 'false'}
        >
          ${state.busy ? t('register.busy') : submit}
        </button>
      </form>`
  }

  #username() {
    const model = this.viewModel
    const { username, problems } = model.state
    return html`<hearth-text-field
      name="username"
      label=${t('register.username')}
      autocomplete="username"
      required
      hint=${
        username === ''
          ? t('register.username-hint-empty')
          : t('register.username-hint', { username })
      }
      error=${problemText('username', problems.username)}
      .value=${username}
      @input=${(event: Event) => model.setUsername(valueOf(event))}
    ></hearth-text-field>`
  }

  #passwords() {
    const model = this.viewModel
    const { password, passwordAgain, problems } = model.state
    return html`<hearth-text-field
        name="password"
        type="password"
        label=${t('register.password')}
        autocomplete="new-password"
        required
        hint=${t('register.password-hint', { count: MIN_PASSWORD_LENGTH })}
        error=${problemText('password', problems.password)}
        .value=${password}
        @input=${(event: Event) => model.setPassword(valueOf(event))}
      ></hearth-text-field>
      <hearth-text-field
        name="password-again"
        type="password"
        label=${t('register.password-again')}
        autocomplete="new-password"
        required
        error=${problemText('passwordAgain', problems.passwordAgain)}
        .value=${passwordAgain}
        @input=${(event: Event) => model.setPasswordAgain(valueOf(event))}
      ></hearth-text-field>`
  }

  #token() {
    const model = this.viewModel
    return html`<hearth-text-field
      name="token"
      label=${t('register.token')}
      hint=${t('register.token-hint')}
      required
      error=${problemText('token', model.state.problems.token)}
      .value=${model.state.token}
      @input=${(event: Event) => model.setToken(valueOf(event))}
    ></hearth-text-field>`
  }

  #homeserver() {
    const model = this.viewModel
    return homeserverField(
      model.state.homeserver,
      model.state.failure?.code === 'not-a-homeserver',
      (value) => model.setHomeserver(value),
      () => void model.loadMode(),
    )
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-registration-panel': HearthRegistrationPanel
  }
}
