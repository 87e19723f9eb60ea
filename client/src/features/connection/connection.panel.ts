import { css, html, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { baseStyles } from '#components/base.styles.ts'
import { buttonStyles } from '#components/button.styles.ts'
import { HearthElement } from '#components/hearth-element.ts'
import '#components/icon.ts'
import { t } from '#i18n/t.ts'
import type { ConnectionViewModel } from './connection.view-model.ts'

/**
 * @summary A line above everything while the server cannot be reached.
 * @status stable
 */
@customElement('hearth-connection-panel')
export class HearthConnectionPanel extends HearthElement {
  static override styles = [
    baseStyles,
    buttonStyles,
    css`
      :host {
        display: block;
      }

      .banner {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        justify-content: center;
        gap: 2px var(--space-3);
        padding: 6px var(--space-4);
        background: var(--danger);
        color: var(--on-danger);
        font-size: 14px;
        --icon-size: 17px;
      }

      .link-button {
        min-height: 24px;
        color: inherit;
        text-decoration: underline;
      }

      .link-button:focus-visible {
        outline-color: currentcolor;
      }
    `,
  ]

  @property({ attribute: false }) viewModel!: ConnectionViewModel

  constructor() {
    super()
    this.observe(() => this.viewModel)
  }

  override render() {
    const offline = this.viewModel.state.status === 'offline'
    return html`<div role="status">${offline ? this.#banner() : nothing}</div>`
  }

  #banner() {
    return html`<div class="banner">
      <hearth-icon name="offline"></hearth-icon>
      <span>${t('connection.offline')}</span>
      <button class="link-button" type="button" @click=${() => this.viewModel.retry()}>
        ${t('action.retry')}
      </button>
    </div>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-connection-panel': HearthConnectionPanel
  }
}
