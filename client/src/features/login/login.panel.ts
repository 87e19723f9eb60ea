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
import type { LoginViewModel } from './login.view-model.ts'

/**
 * @summary The sign-in page.
 * @status stable
 */
@customElement('hearth-login-panel')
export class HearthLoginPanel extends HearthElement {
  static override styles = [baseStyles, buttonStyles, formStyles, authStyles]

  @property({ attribute: false }) viewModel!: LoginViewModel

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
    const { signedOut, server } = this.viewModel.state
    return html`<main>
      ${brand()}
      <div class="card">
        ${signedOut ? this.#signedOutNotice() : nothing}
        <h1>${t('login.title')}</h1>
        <p class="lead">${t('login.lead', { server })}</p>
        ${this.#form()}
        <p class="switch">
          ${t('login.no-account')} <a href="#/register">${t('login.to-register')}</a>
        </p>
      </div>
    </main>`
  }

  #signedOutNotice() {
    return html`<div class="notice" role="status">
      <strong>${t('login.signed-out-title')}</strong>${t('login.signed-out')}
    </div>`
  }

  #form() {
    const model = this.viewModel
    const { state } = model
    const serverFailed = state.failure?.code === 'not-a-homeserver'
    return html`<form
      novalidate
      aria-label=${t('login.submit')}
      @submit=${onSubmit(() => model.submit())}
    >
      <hearth-text-field
        name="username"
        label=${t('login.username')}
        autocomplete="username"
        required
        error=${state.usernameMissing ? t('field.required') : ''}
        .value=${state.username}
        @input=${(event: Event) => model.setUsername(valueOf(event))}
      ></hearth-text-field>
      <hearth-text-field
        name="password"
        type="password"
        label=${t('login.password')}
        autocomplete="current-password"
        required
        error=${state.passwordMissing ? t('field.required') : ''}
        .value=${state.password}
        @input=${(event: Event) => model.setPassword(valueOf(event))}
      ></hearth-text-field>
      ${homeserverField(
        state.homeserver,
        serverFailed,
        (value) => model.setHomeserver(value),
        () => undefined,
      )}
      ${formError(state.failure)}
      <button
        class="button"
        data-variant="primary"
        data-wide
        type="submit"
        aria-busy=${state.busy ? 'true' : 'false'}
      >
        ${state.busy ? t('login.busy') : t('login.submit')}
      </button>
    </form>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-login-panel': HearthLoginPanel
  }
}
