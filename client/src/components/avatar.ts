import { css, nothing } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { hueOf, initialsOf } from '#lib/initials.ts'
import { HearthElement } from './hearth-element.ts'

const hues = [0, 1, 2, 3, 4, 5, 6, 7].map((hue) => `--avatar-${hue}`)

/**
 * @summary The initials of a person or room on its own colour. Decorative: the name stands beside.
 * @cssprop --avatar-size - Width and height, 40px by default.
 * @status stable
 */
@customElement('hearth-avatar')
export class HearthAvatar extends HearthElement {
  static override styles = css`
    :host {
      display: inline-grid;
      flex: none;
      place-items: center;
      width: var(--avatar-size, 40px);
      height: var(--avatar-size, 40px);
      border-radius: 50%;
      background: var(--own-colour);
      color: oklch(0.985 0.004 75);
      font: 600 calc(var(--avatar-size, 40px) * 0.38) / 1 var(--font);
      letter-spacing: 0.01em;
      user-select: none;
    }

    /* Generated, so that the letters are no part of the name of the control around them. */
    :host::before {
      content: attr(data-initials);
      content: attr(data-initials) / '';
    }

    :host([shape='room']) {
      border-radius: 30%;
    }
  `

  /** The id decides the colour, so it stays when the name changes. */
  @property({ attribute: false }) identity = ''
  @property({ attribute: false }) name = ''
  @property({ reflect: true }) shape: 'person' | 'room' = 'person'

  protected override willUpdate(): void {
    this.dataset['initials'] = initialsOf(this.name)
    this.style.setProperty('--own-colour', `var(${hues[hueOf(this.identity)] ?? '--avatar-0'})`)
  }

  override render() {
    return nothing
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-avatar': HearthAvatar
  }
}
