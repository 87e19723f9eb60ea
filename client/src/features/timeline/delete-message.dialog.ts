import { html } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { baseStyles } from '#components/base.styles.ts'
import { buttonStyles } from '#components/button.styles.ts'
import { DialogClosedEvent, type HearthDialog } from '#components/dialog.ts'
import { formStyles } from '#components/form.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import { failureText } from '#i18n/failure-text.ts'
import { t } from '#i18n/t.ts'
import { asFailure } from '#lib/errors.ts'

/**
 * @summary Asks before a message is deleted for everyone.
 * @event dialog-closed
 * @status stable
 */
@customElement('hearth-delete-message-dialog')
export class HearthDeleteMessageDialog extends HearthElement {
  static override styles = [baseStyles, buttonStyles, formStyles]

  /** Deletes the message; rejects with a Failure. */
  @property({ attribute: false }) deleteMessage: () => Promise<void> = () => Promise.resolve()
  @state() private _error = ''
  @query('hearth-dialog') private readonly _dialog!: HearthDialog

  override render() {
    return html`<hearth-dialog
      heading=${t('timeline.delete-title')}
      @dialog-closed=${() => this.dispatchEvent(new DialogClosedEvent())}
    >
      <p>${t('timeline.delete-text')}</p>
      <div role="alert">
        ${this._error === '' ? '' : html`<p class="form-error">${this._error}</p>`}
      </div>
      <div class="form-actions">
        <button class="button" data-variant="quiet" type="button" @click=${() => this._dialog.close()}>
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
      </div>
    </hearth-dialog>`
  }

  readonly #confirm = async (): Promise<void> => {
    try {
      await this.deleteMessage()
      this._dialog.close()
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
