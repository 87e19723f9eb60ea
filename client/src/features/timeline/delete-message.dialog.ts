import { html } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { HearthDialog } from '#components/dialog.ts'
import { failureText } from '#i18n/failure-text.ts'
import { t } from '#i18n/t.ts'
import { asFailure } from '#lib/errors.ts'

/**
 * @summary Asks before a message is deleted for everyone.
 * @event dialog-closed
 * @status stable
 */
@customElement('hearth-delete-message-dialog')
export class HearthDeleteMessageDialog extends HearthDialog {
  /** Deletes the message; rejects with a Failure. */
  @property({ attribute: false }) deleteMessage: () => Promise<void> = () => Promise.resolve()
  @state() private _error = ''

  protected override heading(): string {
    return t('timeline.delete-title')
  }

  protected override content() {
    return html`<p>${t('timeline.delete-text')}</p>
      <div role="alert">
        ${this._error === '' ? '' : html`<p class="form-error">${this._error}</p>`}
      </div>
      <div class="form-actions">
        <button class="button" data-variant="quiet" type="button" @click=${() => this.close()}>
          ${t('action.cancel')}
        </button>
        <button
          class="button"
          data-variant="danger"
          data-autofocus
          type="button"
          @click=${this.#confirm}
        >
          ${t('timeline.delete')}
        </button>
      </div>`
  }

  readonly #confirm = async (): Promise<void> => {
    try {
      await this.deleteMessage()
      this.close()
    } catch (error) {
      this._error = failureText(asFailure(error))
    }
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-delete-message-dialog': HearthDeleteMessageDialog
  }
}
