import { css, html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import {
  BackRequestedEvent,
  type DialogName,
  DialogRequestedEvent,
  MembersToggledEvent,
} from '#components/app-events.ts'
import '#components/avatar.ts'
import { baseStyles } from '#components/base.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import '#components/icon-button.ts'
import '#components/menu.ts'
import type { MenuItem, MenuItemChosenEvent } from '#components/menu.ts'
import { t } from '#i18n/t.ts'
import type { TimelineViewModel } from './timeline.view-model.ts'

const dialogs = new Map<string, DialogName>([
  ['room-settings', 'room-settings'],
  ['leave-room', 'leave-room'],
])

/**
 * @summary The line above the messages: which room this is and what can be done with it.
 * @event back-requested
 * @event members-toggled
 * @event dialog-requested
 * @status stable
 */
@customElement('hearth-room-header-panel')
export class HearthRoomHeaderPanel extends HearthElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: flex;
        flex: none;
        align-items: center;
        gap: 2px;
        height: var(--header-height);
        padding-inline: var(--space-4) var(--space-2);
        border-block-end: 1px solid var(--line);
        --avatar-size: 28px;
      }

      .back {
        display: none;
      }

      .title {
        display: flex;
        flex: 1;
        align-items: baseline;
        gap: var(--space-3);
        min-width: 0;
        padding-inline: 10px;
      }

      h1 {
        flex: none;
        max-width: 100%;
        overflow: hidden;
        font-size: 16px;
        font-weight: 700;
        line-height: 1.4;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      p {
        overflow: hidden;
        color: var(--text-2);
        font-size: var(--text-small);
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      @media (width < 720px) {
        :host {
          padding-inline-start: var(--space-2);
        }

        .back {
          display: inline-flex;
        }

        .title {
          flex-direction: column;
          gap: 0;
        }

        h1 {
          line-height: 1.25;
        }

        p {
          max-width: 100%;
          font-size: var(--text-tiny);
          line-height: 1.25;
        }
      }
    `,
  ]

  @property({ attribute: false }) viewModel!: TimelineViewModel
  @property({ type: Boolean, attribute: 'members-shown' }) membersShown = false
  @property({ type: Boolean, attribute: 'may-invite' }) mayInvite = false

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  override render() {
    const { room } = this.viewModel.state
    return html`<hearth-icon-button
        class="back"
        icon="back"
        label=${t('action.back')}
        @click=${() => this.dispatchEvent(new BackRequestedEvent())}
      ></hearth-icon-button>
      <hearth-avatar shape="room" .identity=${room.id} .name=${room.name}></hearth-avatar>
      <div class="title">
        <h1 title=${room.name}>${room.name}</h1>
        ${room.topic === '' ? nothing : html`<p title=${room.topic}>${room.topic}</p>`}
      </div>
      ${this.mayInvite ? this.#invite() : nothing}
      <hearth-icon-button
        icon="members"
        label=${this.membersShown ? t('room.hide-members') : t('room.show-members')}
        .pressed=${this.membersShown}
        @click=${() => this.dispatchEvent(new MembersToggledEvent())}
      ></hearth-icon-button>
      <hearth-menu
        label=${t('room.more')}
        .items=${this.#items()}
        @menu-item-chosen=${this.#onChosen}
      >
        <hearth-icon name="more"></hearth-icon>
      </hearth-menu>`
  }

  #invite() {
    return html`<hearth-icon-button
      icon="invite"
      label=${t('room.invite')}
      @click=${() => this.dispatchEvent(new DialogRequestedEvent('invite'))}
    ></hearth-icon-button>`
  }

  #items(): readonly MenuItem[] {
    return [
      { id: 'room-settings', label: t('room.settings'), icon: 'settings' },
      { id: 'leave-room', label: t('room.leave'), icon: 'sign-out', danger: true },
    ]
  }

  readonly #onChosen = ({ itemId }: MenuItemChosenEvent): void => {
    const dialog = dialogs.get(itemId)
    if (dialog !== undefined) this.dispatchEvent(new DialogRequestedEvent(dialog))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-room-header-panel': HearthRoomHeaderPanel
  }
}
