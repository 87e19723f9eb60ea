import { css, nothing } from 'lit'
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
        flex: none;
        min-width: 20px;
        padding: 0 6px;
        border-radius: var(--radius-full);
        background: var(--badge);
        color: var(--on-badge);
        font: 700 12px/20px var(--font);
        font-variant-numeric: tabular-nums;
        text-align: center;
      }

      /* Generated, so that the number is not spoken without its meaning. */
      :host::before {
        content: attr(data-count);
        content: attr(data-count) / '';
      }

      :host([variant='accent']) {
        background: var(--accent);
        color: var(--on-accent);
      }
    `,
  ]

  @property({ type: Number }) count = 0
  @property({ reflect: true }) variant: 'neutral' | 'accent' = 'neutral'

  protected override willUpdate(): void {
    this.dataset['count'] = this.count > MOST ? `${MOST}+` : String(this.count)
  }

  override render() {
    return nothing
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-badge': HearthBadge
  }
}
