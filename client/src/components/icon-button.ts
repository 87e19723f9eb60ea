import { css, html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { baseStyles } from './base.styles.ts'
import { HearthElement } from './hearth-element.ts'
import './icon.ts'
import type { IconName } from './icons.ts'

/**
 * @summary A square button that shows only an icon; its label is spoken and shown on hover.
 * @cssprop --button-size - Width and height, 36px by default, never under 24px.
 * @status stable
 */
@customElement('hearth-icon-button')
export class HearthIconButton extends HearthElement {
  static override shadowRootOptions: ShadowRootInit = { mode: 'open', delegatesFocus: true }

  static override styles = [
    baseStyles,
    css`
      :host {
        display: inline-flex;
      }

      button {
        display: grid;
        place-items: center;
        width: var(--button-size, 36px);
        height: var(--button-size, 36px);
        padding: 0;
        border: 0;
        border-radius: var(--radius-1);
        background: transparent;
        color: var(--text-2);
        cursor: pointer;
        transition: background-color var(--motion-fast) var(--ease);
      }

      button:hover {
        background: var(--surface-hover);
        color: var(--text-1);
      }

      button[aria-pressed='true'] {
        background: var(--surface-active);
        color: var(--text-1);
      }

      :host([variant='danger']) button:hover {
        color: var(--danger-text);
      }

      :host([variant='accent']) button {
        background: var(--accent);
        color: var(--on-accent);
      }

      button:focus-visible {
        outline-offset: -2px;
      }

      button:disabled {
        background: transparent !important;
        color: var(--text-3) !important;
        opacity: 0.5;
        cursor: default;
      }
    `,
  ]

  @property() icon: IconName = 'more'
  @property() label = ''
  /** For buttons that switch something on and off. */
  @property({ attribute: false }) pressed: boolean | undefined
  @property({ type: Boolean }) disabled = false
  @property({ reflect: true }) variant: 'plain' | 'danger' | 'accent' = 'plain'

  override render() {
    return html`<button
      type="button"
      aria-label=${this.label}
      title=${this.label}
      aria-pressed=${this.pressed ?? nothing}
      ?disabled=${this.disabled}
    >
      <hearth-icon name=${this.icon}></hearth-icon>
    </button>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-icon-button': HearthIconButton
  }
}
