import { css, html, nothing } from 'lit'
import { customElement, property, query, state } from 'lit/decorators.js'
import { baseStyles } from './base.styles.ts'
import { HearthElement } from './hearth-element.ts'
import './icon.ts'
import type { IconName } from './icons.ts'

/** One line of a menu. */
export interface MenuItem {
  readonly id: string
  readonly label: string
  readonly icon: IconName
  readonly danger?: boolean
  /** For choices of which one is in force. */
  readonly checked?: boolean
}

/** A line of a menu was chosen. */
export class MenuItemChosenEvent extends Event {
  readonly #id: string

  constructor(id: string) {
    super('menu-item-chosen')
    this.#id = id
  }

  get itemId(): string {
    return this.#id
  }
}

const GAP = 6

/**
 * @summary A button that opens a menu. https://www.w3.org/WAI/ARIA/apg/patterns/menu-button/
 * @slot - What the button shows.
 * @event menu-item-chosen
 * @csspart trigger - The button.
 * @status stable
 */
@customElement('hearth-menu')
export class HearthMenu extends HearthElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: inline-flex;
        min-width: 0;
      }

      .trigger {
        display: flex;
        flex: 1;
        align-items: center;
        min-width: 36px;
        min-height: 36px;
        justify-content: center;
        padding: 0;
        border: 0;
        border-radius: var(--radius-1);
        background: transparent;
        color: var(--text-2);
        font: inherit;
        text-align: start;
        cursor: pointer;
      }

      .trigger:hover,
      .trigger[aria-expanded='true'] {
        background: var(--surface-hover);
        color: var(--text-1);
      }

      .trigger:focus-visible {
        outline-offset: -2px;
      }

      [popover] {
        position: fixed;
        inset: auto;
        min-width: 208px;
        max-width: min(320px, calc(100vw - 16px));
        margin: 0;
        padding: 6px;
        border: 0;
        border-radius: var(--radius-2);
        background: var(--surface-3);
        box-shadow: var(--shadow-float);
        color: var(--text-1);
      }

      .item {
        display: flex;
        align-items: center;
        gap: 10px;
        width: 100%;
        min-height: 36px;
        padding: 6px 10px;
        border: 0;
        border-radius: var(--radius-1);
        background: none;
        color: inherit;
        font: 500 14px/1.3 var(--font);
        text-align: start;
        cursor: pointer;
      }

      .item hearth-icon {
        --icon-size: 18px;
        color: var(--text-2);
      }

      .item span {
        flex: 1;
      }

      .item:hover,
      .item:focus-visible {
        background: var(--surface-active);
      }

      .item:focus-visible {
        outline-offset: -2px;
      }

      .item[data-danger],
      .item[data-danger] hearth-icon {
        color: var(--danger-text);
      }
    `,
  ]

  @property() label = ''
  @property({ attribute: false }) items: readonly MenuItem[] = []
  @state() private _open = false
  @query('.trigger') private readonly _trigger!: HTMLButtonElement
  @query('[popover]') private readonly _popover!: HTMLElement

  override focus(options?: FocusOptions): void {
    this._trigger.focus(options)
  }

  override render() {
    return html`<button
        class="trigger"
        part="trigger"
        type="button"
        aria-haspopup="menu"
        aria-expanded=${this._open ? 'true' : 'false'}
        aria-label=${this.label}
        title=${this.label}
        @click=${this.#toggle}
        @keydown=${this.#onTriggerKey}
      >
        <slot></slot>
      </button>
      <div
        popover
        role="menu"
        tabindex="-1"
        aria-label=${this.label}
        @toggle=${this.#onToggle}
        @keydown=${this.#onKey}
      >
        ${this.items.map((item) => this.#item(item))}
      </div>`
  }

  #item(item: MenuItem) {
    return html`<button
      class="item"
      type="button"
      role=${item.checked === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked=${item.checked ?? nothing}
      tabindex="-1"
      ?data-danger=${item.danger === true}
      @click=${() => this.#choose(item.id)}
    >
      <hearth-icon name=${item.icon}></hearth-icon>
      <span>${item.label}</span>
      ${item.checked === true ? html`<hearth-icon name="check"></hearth-icon>` : nothing}
    </button>`
  }

  #choose(id: string): void {
    this._popover.hidePopover()
    this._trigger.focus()
    this.dispatchEvent(new MenuItemChosenEvent(id))
  }

  readonly #toggle = (): void => {
    this._popover.togglePopover()
  }

  readonly #onToggle = (event: ToggleEvent): void => {
    this._open = event.newState === 'open'
    if (!this._open) return
    this.#place()
    this.#entries()[0]?.focus()
  }

  readonly #onTriggerKey = (event: KeyboardEvent): void => {
    if (event.key !== 'ArrowDown' && event.key !== 'ArrowUp') return
    event.preventDefault()
    this._popover.showPopover()
  }

  readonly #onKey = (event: KeyboardEvent): void => {
    const entries = this.#entries()
    const at = entries.findIndex((entry) => entry.matches(':focus'))
    const moves = new Map([
      ['ArrowDown', (at + 1) % entries.length],
      ['ArrowUp', (at - 1 + entries.length) % entries.length],
      ['Home', 0],
      ['End', entries.length - 1],
    ])
    const target = moves.get(event.key)
    if (event.key === 'Tab') this._popover.hidePopover()
    if (target === undefined) return
    event.preventDefault()
    entries[target]?.focus()
  }

  #entries(): readonly HTMLButtonElement[] {
    return [...this._popover.querySelectorAll<HTMLButtonElement>('.item')]
  }

  /** Below the button when there is room, else above; always inside the window. */
  #place(): void {
    const anchor = this._trigger.getBoundingClientRect()
    const { width, height } = this._popover.getBoundingClientRect()
    const below = anchor.bottom + GAP
    const fits = below + height <= innerHeight - GAP
    const top = fits ? below : Math.max(GAP, anchor.top - height - GAP)
    const start = anchor.left + width <= innerWidth - GAP ? anchor.left : anchor.right - width
    this._popover.style.setProperty('top', `${top}px`)
    this._popover.style.setProperty('left', `${Math.max(GAP, start)}px`)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-menu': HearthMenu
  }
}
