import { html } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { HearthDialog } from '#components/dialog.ts'
import { onSubmit, valueOf } from '#components/dom-events.ts'
import '#components/text-field.ts'
import { failureText } from '#i18n/failure-text.ts'
import { t } from '#i18n/t.ts'
import type { AccountViewModel } from './account.view-model.ts'

/**
 * @summary Changes the own display name.
 * @event dialog-closed
 * @status stable
 */
@customElement('hearth-profile-dialog')
export class HearthProfileDialog extends HearthDialog {
  @property({ attribute: false }) viewModel!: AccountViewModel
  @state() private _name = ''

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    this.viewModel.clearFailure()
    this._name = this.viewModel.state.displayName
  }

  protected override heading(): string {
    return t('account.profile-title')
  }

  protected override content() {
    const { userId, failure, busy } = this.viewModel.state
    return html`<form novalidate @submit=${onSubmit(() => this.#save())}>
      <hearth-text-field
        name="display-name"
        label=${t('account.display-name')}
        hint=${t('account.display-name-hint', { userId })}
        autocomplete="nickname"
        data-autofocus
        .value=${this._name}
        @input=${(event: Event) => {
          this._name = valueOf(event)
        }}
      ></hearth-text-field>
      <div role="alert">
        ${failure === undefined ? '' : html`<p class="form-error">${failureText(failure)}</p>`}
      </div>
      <div class="form-actions">
        <button
          class="button"
          data-variant="primary"
          type="submit"
          aria-busy=${busy ? 'true' : 'false'}
        >
          ${t('action.save')}
        </button>
      </div>
    </form>`
  }

  async #save(): Promise<void> {
    if (await this.viewModel.setDisplayName(this._name)) this.close()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-profile-dialog': HearthProfileDialog
  }
}
