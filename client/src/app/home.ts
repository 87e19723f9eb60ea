import { type PropertyValues, html, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import {
  BackRequestedEvent,
  type ComposeRequestedEvent,
  DialogRequestedEvent,
} from '#components/app-events.ts'
import '#components/avatar.ts'
import { baseStyles } from '#components/base.styles.ts'
import { buttonStyles } from '#components/button.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import '#components/icon.ts'
import '#features/account/account.panel.ts'
import '#features/composer/composer.panel.ts'
import '#features/connection/connection.panel.ts'
import '#features/members/members.panel.ts'
import '#features/rooms/rooms.panel.ts'
import '#features/timeline/room-header.panel.ts'
import '#features/timeline/timeline.panel.ts'
import { t } from '#i18n/t.ts'
import type { Theme } from '#theme/theme.ts'
import './dialog-host.ts'
import type { HearthDialogHost } from './dialog-host.ts'
import { homeStyles } from './home.styles.ts'
import type { HomeViewModel, RoomModels } from './home.view-model.ts'

const wide = matchMedia('(width >= 1080px)')
const narrow = matchMedia('(width < 720px)')

/**
 * @summary The three panes: rooms, conversation, members. Where only one fits, the route decides
 * which, and the members become a drawer. F6 goes from pane to pane.
 * @status stable
 */
@customElement('hearth-home')
export class HearthHome extends HearthElement {
  static override styles = [baseStyles, buttonStyles, homeStyles]

  @property({ attribute: false }) viewModel!: HomeViewModel
  @property({ attribute: false }) theme: Theme = 'system'
  @state() private _drawer = false
  @query('hearth-dialog-host') private readonly _dialogs!: HearthDialogHost
  #shownRoom: RoomModels | undefined

  constructor() {
    super()
    this.observe(() => this.viewModel)
    this.observe(() => this.viewModel.rooms)
    this.addEventListener('dialog-requested', this.#onDialog)
    this.addEventListener('members-toggled', this.#onMembersToggled)
    this.addEventListener('compose-requested', this.#onCompose)
    this.addEventListener('keydown', this.#onKey)
  }

  override connectedCallback(): void {
    super.connectedCallback()
    wide.addEventListener('change', this.#onLayout)
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback()
    wide.removeEventListener('change', this.#onLayout)
  }

  protected override updated(changed: PropertyValues): void {
    super.updated(changed)
    if (this.#shownRoom === this.viewModel.state.room) return
    this.#shownRoom = this.viewModel.state.room
    this._drawer = false
    if (this.#shownRoom !== undefined && !narrow.matches) void this.#focusComposer()
  }

  override render() {
    const { roomId, room, membersPinned } = this.viewModel.state
    const pinned = room !== undefined && wide.matches && membersPinned
    return html`<hearth-connection-panel
        .viewModel=${this.viewModel.connection}
      ></hearth-connection-panel>
      <main
        class="panes"
        data-view=${roomId === undefined ? 'list' : 'room'}
        data-members=${pinned ? 'pinned' : 'none'}
      >
        <hearth-rooms-panel
          class="rooms"
          role="navigation"
          aria-label=${t('home.navigation')}
          .viewModel=${this.viewModel.rooms}
        >
          <hearth-account-panel
            slot="footer"
            .viewModel=${this.viewModel.profile}
            .theme=${this.theme}
          ></hearth-account-panel>
        </hearth-rooms-panel>
        <section class="conversation" aria-label=${t('home.conversation')}>
          ${room === undefined ? this.#noRoom() : this.#conversation(room, pinned)}
        </section>
        ${room === undefined ? nothing : this.#members(room, pinned)}
      </main>
      <hearth-dialog-host .home=${this.viewModel}></hearth-dialog-host>`
  }

  #conversation(room: RoomModels, pinned: boolean) {
    const { send, invite } = room.conversation.permissions()
    return html`<hearth-room-header-panel
        .viewModel=${room.timeline}
        ?may-invite=${invite}
        ?members-shown=${pinned || this._drawer}
      ></hearth-room-header-panel>
      <hearth-timeline-panel
        .viewModel=${room.timeline}
        ?read-only=${!send}
      ></hearth-timeline-panel>
      <hearth-composer-panel .viewModel=${room.composer}></hearth-composer-panel>`
  }

  #members(room: RoomModels, pinned: boolean) {
    if (pinned) {
      return html`<hearth-members-panel
        class="members"
        role="region"
        aria-label=${t('room.members')}
        .viewModel=${room.members}
      ></hearth-members-panel>`
    }
    if (!this._drawer) return nothing
    return html`<button
        class="scrim"
        type="button"
        tabindex="-1"
        aria-hidden="true"
        @click=${this.#closeDrawer}
      ></button>
      <hearth-members-panel
        class="members drawer"
        role="region"
        aria-label=${t('room.members')}
        .viewModel=${room.members}
      ></hearth-members-panel>`
  }

  #noRoom() {
    const { roomId } = this.viewModel.state
    if (roomId === undefined) return this.#welcome()
    const invitation = this.viewModel.rooms.invitation(roomId)
    if (invitation !== undefined) return this.#invitation(roomId)
    if (!this.viewModel.rooms.state.loaded) return nothing
    return html`<div class="welcome">
      <span class="sign"><hearth-icon name="room"></hearth-icon></span>
      <h2>${t('home.room-missing-title')}</h2>
      <p>${t('home.room-missing')}</p>
      <div class="actions">
        <button
          class="button"
          type="button"
          @click=${() => this.dispatchEvent(new BackRequestedEvent())}
        >
          ${t('action.back')}
        </button>
      </div>
    </div>`
  }

  #welcome() {
    const { displayName } = this.viewModel.profile.state
    const hasRooms = this.viewModel.rooms.state.joinedCount > 0
    return html`<div class="welcome">
      <span class="sign"><hearth-icon name="flame"></hearth-icon></span>
      <h2>${t('home.welcome', { name: displayName })}</h2>
      <p>${hasRooms ? t('home.pick') : t('home.empty')}</p>
      <div class="actions">
        <button
          class="button"
          data-variant=${hasRooms ? 'secondary' : 'primary'}
          type="button"
          @click=${() => this.dispatchEvent(new DialogRequestedEvent('create-room'))}
        >
          <hearth-icon name="add"></hearth-icon>${t('rooms.create')}
        </button>
      </div>
    </div>`
  }

  #invitation(roomId: string) {
    const invitation = this.viewModel.rooms.invitation(roomId)
    const { inviter } = invitation ?? {}
    const room = invitation?.name ?? ''
    return html`<div class="welcome">
      <hearth-avatar shape="room" .identity=${roomId} .name=${room}></hearth-avatar>
      <h2>
        ${
          inviter === undefined
            ? t('home.invited-title-unknown')
            : t('home.invited-title', { name: inviter.name })
        }
      </h2>
      <p>${t('home.invited', { room })}</p>
      <div class="actions">
        <button
          class="button"
          data-variant="primary"
          type="button"
          @click=${() => this.viewModel.rooms.accept(roomId)}
        >
          ${t('rooms.accept')}
        </button>
        <button class="button" type="button" @click=${() => this.viewModel.rooms.decline(roomId)}>
          ${t('rooms.decline')}
        </button>
      </div>
    </div>`
  }

  async #focusComposer(): Promise<void> {
    const composer = this.renderRoot.querySelector('hearth-composer-panel')
    await composer?.updateComplete
    composer?.focus()
  }

  readonly #onLayout = (): void => {
    this._drawer = false
    this.requestUpdate()
  }

  readonly #onDialog = (event: DialogRequestedEvent): void => {
    void this._dialogs.open(event.dialog)
  }

  readonly #onMembersToggled = async (): Promise<void> => {
    if (wide.matches) {
      this.viewModel.toggleMembers()
      return
    }
    this._drawer = !this._drawer
    await this.updateComplete
    if (this._drawer) this.renderRoot.querySelector('hearth-members-panel')?.focus()
  }

  readonly #closeDrawer = (): void => {
    this._drawer = false
    void this.#focusComposer()
  }

  readonly #onCompose = async (event: ComposeRequestedEvent): Promise<void> => {
    const composer = this.viewModel.state.room?.composer
    if (event.mode === 'reply') composer?.reply(event.eventId)
    else composer?.edit(event.eventId)
    await this.#focusComposer()
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Escape' && this._drawer) {
      event.preventDefault()
      this.#closeDrawer()
    }
    if (event.key !== 'F6') return
    event.preventDefault()
    this.#cyclePanes(event.shiftKey ? -1 : 1)
  }

  #cyclePanes(step: 1 | -1): void {
    const names = [
      'hearth-rooms-panel',
      'hearth-timeline-panel',
      'hearth-composer-panel',
      'hearth-members-panel',
    ]
    const panes = names
      .map((name) => this.renderRoot.querySelector<HTMLElement>(name))
      .filter((pane) => pane !== null && pane.checkVisibility())
    const at = panes.findIndex((pane) => pane?.matches(':focus-within') === true)
    panes.at((at + step + panes.length) % panes.length)?.focus()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-home': HearthHome
  }
}
