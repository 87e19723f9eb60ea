import { css, html } from 'lit'
import { customElement, state } from 'lit/decorators.js'
import { repeat } from 'lit/directives/repeat.js'
import { t } from '#i18n/t.ts'
import { baseStyles } from './base.styles.ts'
import { HearthElement } from './hearth-element.ts'
import './icon-button.ts'

interface Toast {
  readonly id: number
  readonly text: string
  readonly kind: 'info' | 'error'
}

const SHOWN_MS = 5000
const MOST = 3

/**
 * @summary Short notices at the top of the window, also spoken. Errors stay until dismissed.
 * @status stable
 */
@customElement('hearth-toast-stack')
export class HearthToastStack extends HearthElement {
  static override styles = [
    baseStyles,
    css`
      :host {
        position: fixed;
        inset-block-start: 12px;
        inset-inline: 12px;
        z-index: 30;
        pointer-events: none;
      }

      .stack {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: var(--space-2);
      }

      .toast {
        display: flex;
        align-items: center;
        gap: var(--space-2);
        max-width: 480px;
        padding: 6px 6px 6px 16px;
        border-radius: var(--radius-2);
        background: var(--surface-3);
        box-shadow: var(--shadow-float);
        color: var(--text-1);
        font-size: 14px;
        pointer-events: auto;
      }

      .toast[data-kind='error'] p {
        color: var(--danger-text);
      }
    `,
  ]

  @state() private _toasts: readonly Toast[] = []
  #next = 0

  /** Shows a notice. */
  show(text: string, kind: Toast['kind'] = 'info'): void {
    this.#next += 1
    const id = this.#next
    this._toasts = [...this._toasts, { id, text, kind }].slice(-MOST)
    if (kind === 'info') setTimeout(() => this.#remove(id), SHOWN_MS)
  }

  override render() {
    return html`<div class="stack" role="status">
      ${repeat(
        this._toasts,
        (toast) => toast.id,
        (toast) =>
          html`<div class="toast" data-kind=${toast.kind}>
            <p>${toast.text}</p>
            <hearth-icon-button
              icon="close"
              label=${t('action.dismiss')}
              @click=${() => this.#remove(toast.id)}
            ></hearth-icon-button>
          </div>`,
      )}
    </div>`
  }

  #remove(id: number): void {
    this._toasts = this._toasts.filter((toast) => toast.id !== id)
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-toast-stack': HearthToastStack
  }
}
