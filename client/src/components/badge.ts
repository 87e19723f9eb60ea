import { css, html } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { baseStyles } from './base.styles.ts'
import { HearthElement } from './hearth-element.ts'

const MOST = 99

/**
 * @summary A count in a pill. The number is decoration: whoever uses it also says it in words.
 * @status stable
 */
@customElement('hearth-badge')
export class HearthBadge extends HearthElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        display: inline-flex;
        flex: none;
      }

      span {
        min-width: 20px;
        padding: 0 6px;
        border-radius: var(--radius-full);
        background: var(--badge);
        color: var(--on-badge);
        font: 700 12px/20px var(--font);
        font-variant-numeric: tabular-nums;
        text-align: center;
      }

      :host([variant='accent']) span {
        background: var(--accent);
        color: var(--on-accent);
      }
    `,
  ]

  @property({ type: Number }) count = 0
  @property({ reflect: true }) variant: 'neutral' | 'accent' = 'neutral'

  override render() {
    return html`<span aria-hidden="true">${this.count > MOST ? `${MOST}+` : this.count}</span>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-badge': HearthBadge
  }
}
