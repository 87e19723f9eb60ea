import { css, html } from 'lit'
import { customElement } from 'lit/decorators.js'
import { HearthElement } from './hearth-element.ts'

/**
 * @summary A turning ring that appears only when something takes a while.
 * @status stable
 */
@customElement('hearth-spinner')
export class HearthSpinner extends HearthElement {
  static override styles = css`
    :host {
      display: inline-block;
      width: 20px;
      height: 20px;
    }

    span {
      display: block;
      height: 100%;
      border: 2px solid var(--line-strong);
      border-block-start-color: var(--accent);
      border-radius: 50%;
      opacity: 0;
      animation:
        turn 900ms linear infinite,
        appear 1ms 150ms forwards;
    }

    @keyframes turn {
      to {
        transform: rotate(360deg);
      }
    }

    @keyframes appear {
      to {
        opacity: 1;
      }
    }

    @media (prefers-reduced-motion: reduce) {
      span {
        animation: appear 1ms 150ms forwards;
      }
    }
  `

  override render() {
    return html`<span aria-hidden="true"></span>`
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-spinner': HearthSpinner
  }
}
