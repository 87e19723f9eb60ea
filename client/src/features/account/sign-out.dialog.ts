import { html } from 'lit'
import { customElement, query } from 'lit/decorators.js'
import { baseStyles } from '#components/base.styles.ts'
import { buttonStyles } from '#components/button.styles.ts'
import { DialogClosedEvent, type HearthDialog } from '#components/dialog.ts'
import { formStyles } from '#components/form.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import { t } from '#i18n/t.ts'

/** The person wants to end the session. */
export class SignOutConfirmedEvent extends Event {
  constructor() {
    super('sign-out-confirmed', { bubbles: true, composed: true })
  }
}

/**
 * @summary Asks before the session is ended.
 * @event dialog-closed
 * @event sign-out-confirmed
 * @status stable
 */
@customElement('hearth-sign-out-dialog')
export class HearthSignOutDialog extends HearthElement {
  static override styles = [baseStyles, buttonStyles, formStyles]

  @query('hearth-dialog') private readonly _dialog!: HearthDialog

  override render() {
    return html`<hearth-dialog
      heading=${t('account.sign-out-title')}
      @dialog-closed=${() => this.dispatchEvent(new DialogClosedEvent())}
    >
      <p>${t('account.sign-out-text')}</p>
      <div class="form-actions">
        <button
          class="button"
          data-variant="quiet"
          type="button"
          @click=${() => this._dialog.close()}
        >
          ${t('action.cancel')}
        </button>
        <button
          class="button"
          data-variant="danger"
          data-autofocus
          type="button"
          @click=${() => this.dispatchEvent(new SignOutConfirmedEvent())}
        >
          ${t('account.sign-out')}
        </button>
      </div>
    </hearth-dialog>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-sign-out-dialog': HearthSignOutDialog
  }
  interface GlobalEventHandlersEventMap {
    'sign-out-confirmed': SignOutConfirmedEvent
  }
}
