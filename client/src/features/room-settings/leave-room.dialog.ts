import { html, nothing } from 'lit'
import { customElement, property, query } from 'lit/decorators.js'
import { baseStyles } from '#components/base.styles.ts'
import { buttonStyles } from '#components/button.styles.ts'
import { DialogClosedEvent, type HearthDialog } from '#components/dialog.ts'
import { formStyles } from '#components/form.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import { failureText } from '#i18n/failure-text.ts'
import { t } from '#i18n/t.ts'
import type { RoomSettingsViewModel } from './room-settings.view-model.ts'

/**
 * @summary Asks before a room is left.
 * @event dialog-closed
 * @status stable
 */
@customElement('hearth-leave-room-dialog')
export class HearthLeaveRoomDialog extends HearthElement {
  static override styles = [baseStyles, buttonStyles, formStyles]

  @property({ attribute: false }) viewModel!: RoomSettingsViewModel
  @query('hearth-dialog') private readonly _dialog!: HearthDialog

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  override render() {
    const { roomName, failure, busy } = this.viewModel.state
    return html`<hearth-dialog
      heading=${t('room.leave-title', { room: roomName })}
      @dialog-closed=${() => this.dispatchEvent(new DialogClosedEvent())}
    >
      <p>${t('room.leave-text')}</p>
      <div role="alert">
        ${failure === undefined ? nothing : html`<p class="form-error">${failureText(failure)}</p>`}
      </div>
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
          ?disabled=${busy}
          @click=${this.#leave}
        >
          ${t('room.leave')}
        </button>
      </div>
    </hearth-dialog>`
  }

  readonly #leave = async (): Promise<void> => {
    if (await this.viewModel.leave()) this._dialog.close()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-leave-room-dialog': HearthLeaveRoomDialog
  }
}
