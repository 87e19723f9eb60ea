import { html } from 'lit'
import { customElement } from 'lit/decorators.js'
import { HearthDialog } from '#components/dialog.ts'
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
export class HearthSignOutDialog extends HearthDialog {
  protected override heading(): string {
    return t('account.sign-out-title')
  }

  protected override content() {
    return html`<p>${t('account.sign-out-text')}</p>
      <div class="form-actions">
        <button class="button" data-variant="quiet" type="button" @click=${() => this.close()}>
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
      </div>`
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
