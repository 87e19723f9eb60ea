import { html, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import type { DialogName } from '#components/app-events.ts'
import { RoomRequestedEvent } from '#components/app-events.ts'
import { HearthElement } from '#components/hearth-element.ts'
import { CreateRoomViewModel } from '#features/create-room/create-room.view-model.ts'
import { InviteViewModel } from '#features/invite/invite.view-model.ts'
import { RegistrationLinksViewModel } from '#features/registration-links/registration-links.view-model.ts'
import { RoomSettingsViewModel } from '#features/room-settings/room-settings.view-model.ts'
import { serverNameOf } from '#lib/user-id.ts'
import type { ViewModel } from '#lib/view-model.ts'
import type { HomeViewModel } from './home.view-model.ts'

const loaders: Readonly<Record<DialogName, () => Promise<unknown>>> = {
  'create-room': () => import('#features/create-room/create-room.dialog.ts'),
  invite: () => import('#features/invite/invite.dialog.ts'),
  'room-settings': () => import('#features/room-settings/room-settings.dialog.ts'),
  'leave-room': () => import('#features/room-settings/leave-room.dialog.ts'),
  profile: () => import('#features/account/profile.dialog.ts'),
  'registration-links': () => import('#features/registration-links/registration-links.dialog.ts'),
  'sign-out': () => import('#features/account/sign-out.dialog.ts'),
}

/**
 * @summary Shows the dialog that was asked for, loading its code on first use.
 * @event room-requested - A room was created.
 * @status stable
 */
@customElement('hearth-dialog-host')
export class HearthDialogHost extends HearthElement {
  @property({ attribute: false }) home!: HomeViewModel
  @state() private _dialog: DialogName | undefined
  #model: ViewModel<object> | undefined

  /** Opens a dialog. Another one that is open is closed. */
  async open(dialog: DialogName): Promise<void> {
    await loaders[dialog]()
    this.#close()
    this._dialog = dialog
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    this.#close()
  }

  override render() {
    switch (this._dialog) {
      case undefined:
        return nothing
      case 'create-room':
        return html`<hearth-create-room-dialog
          .viewModel=${this.#keep(() => this.#createRoom(), CreateRoomViewModel)}
          @dialog-closed=${this.#close}
        ></hearth-create-room-dialog>`
      case 'profile':
        return html`<hearth-profile-dialog
          .viewModel=${this.home.profile}
          @dialog-closed=${this.#close}
        ></hearth-profile-dialog>`
      case 'registration-links':
        return html`<hearth-registration-links-dialog
          .viewModel=${this.#keep(() => this.#links(), RegistrationLinksViewModel)}
          @dialog-closed=${this.#close}
        ></hearth-registration-links-dialog>`
      case 'sign-out':
        return html`<hearth-sign-out-dialog @dialog-closed=${this.#close}></hearth-sign-out-dialog>`
      default:
        return this.#roomDialog(this._dialog)
    }
  }

  #roomDialog(dialog: 'invite' | 'room-settings' | 'leave-room') {
    const conversation = this.home.state.room?.conversation
    if (conversation === undefined) return nothing
    if (dialog === 'invite') {
      return html`<hearth-invite-dialog
        .viewModel=${this.#keep(() => new InviteViewModel(conversation), InviteViewModel)}
        @dialog-closed=${this.#close}
      ></hearth-invite-dialog>`
    }
    const settings = this.#keep(
      () => new RoomSettingsViewModel(conversation),
      RoomSettingsViewModel,
    )
    return dialog === 'leave-room'
      ? html`<hearth-leave-room-dialog
          .viewModel=${settings}
          @dialog-closed=${this.#close}
        ></hearth-leave-room-dialog>`
      : html`<hearth-room-settings-dialog
          .viewModel=${settings}
          @dialog-closed=${this.#close}
        ></hearth-room-settings-dialog>`
  }

  /** The view model of the open dialog, made when it opens. */
  #keep<T extends ViewModel<object>>(make: () => T, type: abstract new (...args: never[]) => T): T {
    if (this.#model instanceof type) return this.#model
    const model = make()
    this.#model = model
    return model
  }

  #createRoom(): CreateRoomViewModel {
    const { roomList, profile } = this.home.account
    return new CreateRoomViewModel({
      creator: roomList,
      serverName: serverNameOf(profile.userId),
      onCreated: (roomId) => {
        this.#close()
        this.dispatchEvent(new RoomRequestedEvent(roomId))
      },
    })
  }

  #links(): RegistrationLinksViewModel {
    const { account, platform } = this.home
    return new RegistrationLinksViewModel({ links: account.registrationLinks, platform })
  }

  readonly #close = (): void => {
    this._dialog = undefined
    this.#model?.dispose()
    this.#model = undefined
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-dialog-host': HearthDialogHost
  }
}
