import { css, html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { DialogRequestedEvent, MembersToggledEvent } from '#components/app-events.ts'
import '#components/avatar.ts'
import { baseStyles, scrollStyles } from '#components/base.styles.ts'
import { buttonStyles } from '#components/button.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import '#components/icon-button.ts'
import { t } from '#i18n/t.ts'
import type { MemberGroup, MembersViewModel } from './members.view-model.ts'

/**
 * @summary The people in a room, by what they may do.
 * @event members-toggled - The close button of the drawer.
 * @event dialog-requested
 * @status stable
 */
@customElement('hearth-members-panel')
export class HearthMembersPanel extends HearthElement {
  static override styles = [
    baseStyles,
    scrollStyles,
    buttonStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-height: 0;
      }

      .header {
        display: flex;
        align-items: center;
        height: var(--header-height);
        padding: 0 var(--space-2) 0 var(--space-4);
        border-block-end: 1px solid var(--line);
      }

      h2 {
        flex: 1;
        font-size: 15px;
        font-weight: 700;
      }

      .scroll {
        flex: 1;
        min-height: 0;
        padding: 0 var(--space-2) var(--space-4);
      }

      .invite {
        width: calc(100% - 16px);
        margin: var(--space-3) var(--space-2) 0;
      }

      h3 {
        padding: var(--space-4) var(--space-2) 6px;
        color: var(--text-3);
        font-size: var(--text-tiny);
        font-weight: 700;
        letter-spacing: 0.02em;
      }

      li {
        display: flex;
        align-items: center;
        gap: 10px;
        min-height: 42px;
        padding: 4px 8px;
        border-radius: var(--radius-1);
        --avatar-size: 32px;
      }

      li:hover {
        background: var(--surface-hover);
      }

      li[data-pending] {
        opacity: 0.75;
      }

      .names {
        min-width: 0;
        line-height: 1.3;
      }

      .names span,
      .names small {
        display: block;
        overflow: hidden;
        text-overflow: ellipsis;
        white-space: nowrap;
      }

      .names span {
        font-size: 15px;
        font-weight: 500;
      }

      .names small {
        color: var(--text-3);
        font-size: var(--text-tiny);
      }

      .warning {
        padding: var(--space-3) var(--space-2) 0;
        color: var(--text-2);
        font-size: var(--text-small);
      }
    `,
  ]

  @property({ attribute: false }) viewModel!: MembersViewModel

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  override focus(): void {
    this.renderRoot.querySelector<HTMLElement>('hearth-icon-button')?.focus()
  }

  override render() {
    const { groups, count, mayInvite, incomplete } = this.viewModel.state
    return html`<div class="header">
        <h2>${t('members.count', { count })}</h2>
        <hearth-icon-button
          icon="close"
          label=${t('room.hide-members')}
          @click=${() => this.dispatchEvent(new MembersToggledEvent())}
        ></hearth-icon-button>
      </div>
      <div class="scroll" role="group" tabindex="0" aria-label=${t('members.title')}>
        ${mayInvite ? this.#invite() : nothing}
        ${incomplete ? html`<p class="warning">${t('members.failed')}</p>` : nothing}
        ${repeat(
          groups,
          (group) => group.id,
          (group) => this.#group(group),
        )}
      </div>`
  }

  #invite() {
    return html`<button
      class="button invite"
      data-size="small"
      type="button"
      @click=${() => this.dispatchEvent(new DialogRequestedEvent('invite'))}
    >
      <hearth-icon name="invite"></hearth-icon>${t('room.invite')}
    </button>`
  }

  #group({ id, members }: MemberGroup) {
    const { userId } = this.viewModel.state
    const label = t('members.group', { label: t(`members.${id}`), count: members.length })
    return html`<section>
      <h3>${label}</h3>
      <ul>
        ${repeat(
          members,
          (member) => member.id,
          (member) =>
            html`<li ?data-pending=${member.membership === 'invite'}>
              <hearth-avatar .identity=${member.id} .name=${member.name}></hearth-avatar>
              <div class="names">
                <span
                  >${
                    member.id === userId ? t('members.you', { name: member.name }) : member.name
                  }</span
                >
                <small title=${member.id}>${member.id}</small>
              </div>
            </li>`,
        )}
      </ul>
    </section>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-members-panel': HearthMembersPanel
  }
}
