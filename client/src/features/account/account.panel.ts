import { css, html } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { type DialogName, DialogRequestedEvent } from '#components/app-events.ts'
import '#components/avatar.ts'
import { baseStyles } from '#components/base.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import '#components/menu.ts'
import type { MenuItem, MenuItemChosenEvent } from '#components/menu.ts'
import { t } from '#i18n/t.ts'
import { THEMES, type Theme } from '#theme/theme.ts'
import type { AccountViewModel } from './account.view-model.ts'

/** Another theme was chosen. */
export class ThemeChosenEvent extends Event {
  readonly #theme: Theme

  constructor(theme: Theme) {
    super('theme-chosen', { bubbles: true, composed: true })
    this.#theme = theme
  }

  get theme(): Theme {
    return this.#theme
  }
}

const dialogs = new Map<string, DialogName>([
  ['profile', 'profile'],
  ['registration-links', 'registration-links'],
  ['sign-out', 'sign-out'],
])

/**
 * @summary The own account at the foot of the room list, with its menu.
 * @event dialog-requested
 * @event theme-chosen
 * @status stable
 */
@customElement('hearth-account-panel')
export class HearthAccountPanel extends HearthElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: block;
        padding: 6px;
        border-block-start: 1px solid var(--line);
        background: var(--surface-page);
      }

      hearth-menu {
        display: flex;
      }

      hearth-menu::part(trigger) {
        gap: 10px;
        min-height: 46px;
        padding: 5px 10px;
        justify-content: flex-start;
        --avatar-size: 34px;
      }

      .names {
        flex: 1;
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
        color: var(--text-1);
        font-size: 14px;
        font-weight: 600;
      }

      .names small {
        color: var(--text-2);
        font-size: var(--text-tiny);
      }
    `,
  ]

  @property({ attribute: false }) viewModel!: AccountViewModel
  @property({ attribute: false }) theme: Theme = 'system'

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  override focus(): void {
    this.renderRoot.querySelector('hearth-menu')?.focus()
  }

  override render() {
    const { displayName, userId } = this.viewModel.state
    return html`<hearth-menu
      label=${t('account.menu', { name: displayName, userId })}
      .items=${this.#items()}
      @menu-item-chosen=${this.#onChosen}
    >
      <hearth-avatar .identity=${userId} .name=${displayName}></hearth-avatar>
      <span class="names"><span>${displayName}</span> <small>${userId}</small></span>
      <hearth-icon name="settings"></hearth-icon>
    </hearth-menu>`
  }

  #items(): readonly MenuItem[] {
    const { isAdministrator } = this.viewModel.state
    const invite: MenuItem = {
      id: 'registration-links',
      label: t('account.invite-people'),
      icon: 'link',
    }
    return [
      { id: 'profile', label: t('account.profile'), icon: 'person' },
      ...(isAdministrator ? [invite] : []),
      ...THEMES.map((theme): MenuItem => ({
        id: theme,
        label: t(`account.theme-${theme}`),
        icon: `theme-${theme}`,
        checked: theme === this.theme,
      })),
      { id: 'sign-out', label: t('account.sign-out'), icon: 'sign-out', danger: true },
    ]
  }

  readonly #onChosen = ({ itemId }: MenuItemChosenEvent): void => {
    const dialog = dialogs.get(itemId)
    const theme = THEMES.find((name) => name === itemId)
    if (dialog !== undefined) this.dispatchEvent(new DialogRequestedEvent(dialog))
    if (theme !== undefined) this.dispatchEvent(new ThemeChosenEvent(theme))
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-account-panel': HearthAccountPanel
  }
  interface GlobalEventHandlersEventMap {
    'theme-chosen': ThemeChosenEvent
  }
}
