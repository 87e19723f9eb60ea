import { html, nothing } from 'lit'
import { customElement, property, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { DialogRequestedEvent, RoomRequestedEvent } from '#components/app-events.ts'
import '#components/avatar.ts'
import '#components/badge.ts'
import { baseStyles, scrollStyles } from '#components/base.styles.ts'
import { buttonStyles } from '#components/button.styles.ts'
import { valueOf } from '#components/dom-events.ts'
import { formStyles } from '#components/form.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import '#components/icon-button.ts'
import { failureText } from '#i18n/failure-text.ts'
import { t } from '#i18n/t.ts'
import type { RoomSummary, RoomsViewModel } from './rooms.view-model.ts'
import { roomsStyles } from './rooms.styles.ts'

const FILTER_FROM = 8

/**
 * @summary The list of rooms with invitations on top. One room is in the tab order; the arrow keys
 * move between rooms. https://www.w3.org/WAI/ARIA/apg/practices/keyboard-interface/
 * @slot footer - Below the list.
 * @event room-requested
 * @event dialog-requested
 * @status stable
 */
@customElement('hearth-rooms-panel')
export class HearthRoomsPanel extends HearthElement {
  static override styles = [baseStyles, scrollStyles, buttonStyles, formStyles, roomsStyles]

  @property({ attribute: false }) viewModel!: RoomsViewModel
  /** The room in the tab order while no room is on the screen. */
  @state() private _active: string | undefined

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  override focus(): void {
    const room = this.renderRoot.querySelector<HTMLElement>('.room[tabindex="0"]')
    const fallback = this.renderRoot.querySelector<HTMLElement>('hearth-icon-button')
    ;(room ?? fallback)?.focus()
  }

  override render() {
    const { failure, invitations, joinedCount, loaded } = this.viewModel.state
    return html`<div class="header">
        <span class="brand"><hearth-icon name="flame"></hearth-icon></span>
        <h1>${t('app.name')}</h1>
        <hearth-icon-button
          icon="add"
          label=${t('rooms.create')}
          @click=${this.#create}
        ></hearth-icon-button>
      </div>
      ${joinedCount >= FILTER_FROM ? this.#filter() : nothing}
      <div class="scroll">
        ${
          failure === undefined
            ? nothing
            : html`<p class="form-error" role="alert">${failureText(failure)}</p>`
        }
        ${invitations.length > 0 ? this.#invitations() : nothing}
        ${joinedCount > 0 ? this.#rooms() : loaded ? this.#empty() : this.#loading()}
      </div>
      <slot name="footer"></slot>`
  }

  #filter() {
    return html`<div class="filter" role="search">
      <hearth-icon name="search"></hearth-icon>
      <input
        type="search"
        aria-label=${t('rooms.filter')}
        placeholder=${t('rooms.filter')}
        .value=${this.viewModel.state.filter}
        @input=${(event: Event) => this.viewModel.setFilter(valueOf(event))}
      />
    </div>`
  }

  #invitations() {
    return html`<section>
      <h2>${t('rooms.invitations')}</h2>
      <ul>
        ${repeat(
          this.viewModel.state.invitations,
          (room) => room.id,
          (room) => html`<li>${this.#invitation(room)}</li>`,
        )}
      </ul>
    </section>`
  }

  #invitation(room: RoomSummary) {
    const busy = this.viewModel.state.answering.includes(room.id)
    return html`<div class="invitation">
      <hearth-avatar shape="room" .identity=${room.id} .name=${room.name}></hearth-avatar>
      <div class="who">
        <strong title=${room.name}>${room.name}</strong>
        ${
          room.inviter === undefined
            ? nothing
            : html`<small title=${room.inviter.id}
                >${t('rooms.invited-by', { name: room.inviter.name })}</small
              >`
        }
      </div>
      <div class="answers">
        <button
          class="button"
          data-variant="primary"
          data-size="small"
          type="button"
          aria-label=${t('rooms.accept-label', { room: room.name })}
          ?disabled=${busy}
          @click=${() => this.#accept(room.id)}
        >
          ${t('rooms.accept')}
        </button>
        <button
          class="button"
          data-size="small"
          type="button"
          aria-label=${t('rooms.decline-label', { room: room.name })}
          ?disabled=${busy}
          @click=${() => this.viewModel.decline(room.id)}
        >
          ${t('rooms.decline')}
        </button>
      </div>
    </div>`
  }

  #rooms() {
    const { rooms, filter } = this.viewModel.state
    return html`<section>
      <h2>${t('rooms.joined')}</h2>
      <ul @keydown=${this.#onKey}>
        ${repeat(
          rooms,
          (room) => room.id,
          (room) => html`<li>${this.#room(room)}</li>`,
        )}
      </ul>
      ${
        rooms.length === 0 ? html`<p class="empty">${t('rooms.no-match', { filter })}</p>` : nothing
      }
    </section>`
  }

  #room(room: RoomSummary) {
    const { selected } = this.viewModel.state
    const current = room.id === selected
    const unread = room.unread > 0 && !current
    return html`<a
      class="room"
      href=${`#/room/${encodeURIComponent(room.id)}`}
      title=${room.name}
      aria-current=${current ? 'page' : nothing}
      tabindex=${room.id === this.#tabStop() ? 0 : -1}
      ?data-unread=${unread}
      @focus=${() => {
        this._active = room.id
      }}
    >
      <hearth-avatar shape="room" .identity=${room.id} .name=${room.name}></hearth-avatar>
      <span class="name">${room.name}</span>
      ${
        unread
          ? html`<span class="visually-hidden">${this.#unreadText(room)}</span
              ><hearth-badge
                count=${room.unread}
                variant=${room.highlights > 0 ? 'accent' : 'neutral'}
              ></hearth-badge>`
          : nothing
      }
    </a>`
  }

  #unreadText({ highlights, unread }: RoomSummary): string {
    return highlights > 0
      ? t('rooms.mentions', { count: highlights })
      : t('rooms.unread', { count: unread })
  }

  #tabStop(): string | undefined {
    const { rooms, selected } = this.viewModel.state
    const candidates = [this._active, selected]
    const known = candidates.find((id) => rooms.some((room) => room.id === id))
    return known ?? rooms[0]?.id
  }

  #empty() {
    return html`<div class="empty">
      <strong>${t('rooms.empty-title')}</strong>
      <p>${t('rooms.empty')}</p>
      <button class="button" type="button" @click=${this.#create}>
        <hearth-icon name="add"></hearth-icon>${t('rooms.create')}
      </button>
    </div>`
  }

  #loading() {
    return html`<p class="empty" role="status">${t('rooms.loading')}</p>`
  }

  async #accept(roomId: string): Promise<void> {
    if (await this.viewModel.accept(roomId)) this.dispatchEvent(new RoomRequestedEvent(roomId))
  }

  readonly #create = (): void => {
    this.dispatchEvent(new DialogRequestedEvent('create-room'))
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const rows = [...this.renderRoot.querySelectorAll<HTMLElement>('.room')]
    const at = rows.findIndex((row) => row.matches(':focus'))
    const moves = new Map([
      ['ArrowDown', Math.min(at + 1, rows.length - 1)],
      ['ArrowUp', Math.max(at - 1, 0)],
      ['Home', 0],
      ['End', rows.length - 1],
    ])
    const target = moves.get(event.key)
    if (target === undefined) return
    event.preventDefault()
    rows[target]?.focus()
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-rooms-panel': HearthRoomsPanel
  }
}
