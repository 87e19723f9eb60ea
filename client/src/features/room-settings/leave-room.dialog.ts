import { html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { BackRequestedEvent } from '#components/app-events.ts'
import { HearthDialog } from '#components/dialog.ts'
import { failureText } from '#i18n/failure-text.ts'
import { t } from '#i18n/t.ts'
import type { RoomSettingsViewModel } from './room-settings.view-model.ts'

/**
 * @summary Asks before a room is left.
 * @event dialog-closed
 * @event back-requested - The room was left.
 * @status stable
 */
@customElement('hearth-leave-room-dialog')
export class HearthLeaveRoomDialog extends HearthDialog {
  @property({ attribute: false }) viewModel!: RoomSettingsViewModel

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  protected override heading(): string {
    return t('room.leave-title', { room: this.viewModel.state.roomName })
  }

  protected override content() {
    const { failure, busy } = this.viewModel.state
    return html`<p>${t('room.leave-text')}</p>
      <div role="alert">
        ${failure === undefined ? nothing : html`<p class="form-error">${failureText(failure)}</p>`}
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
          ?disabled=${busy}
          @click=${this.#leave}
        >
          ${t('room.leave')}
        </button>
      </div>`
  }

  readonly #leave = async (): Promise<void> => {
    if (!(await this.viewModel.leave())) return
    this.dispatchEvent(new BackRequestedEvent())
    this.close()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-leave-room-dialog': HearthLeaveRoomDialog
  }
}
