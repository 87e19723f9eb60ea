import { css } from 'lit'
import { customElement, property } from 'lit/decorators.js'
import { HearthElement } from './hearth-element.ts'
import { type IconName, icons } from './icons.ts'

const SVG = 'http://www.w3.org/2000/svg'

function element(name: string, attributes: Readonly<Record<string, unknown>>): SVGElement {
  const node = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value))
  return node
}

/**
 * @summary A line icon in the colour of the text around it. Decorative: the control names itself.
 * @cssprop --icon-size - Width and height, 20px by default.
 * @status stable
 */
@customElement('hearth-icon')
export class HearthIcon extends HearthElement {
  static override styles = css`
    :host {
      display: inline-flex;
      flex: none;
      width: var(--icon-size, 20px);
      height: var(--icon-size, 20px);
    }

    svg {
      width: 100%;
      height: 100%;
    }
  `

  @property() name: IconName = 'room'

  override render() {
    const svg = element('svg', {
      viewBox: '0 0 24 24',
      fill: 'none',
      stroke: 'currentColor',
      'stroke-width': 2,
      'stroke-linecap': 'round',
      'stroke-linejoin': 'round',
      'aria-hidden': 'true',
    })
    svg.append(...icons[this.name].map(([name, attributes]) => element(name, attributes)))
    return svg
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'hearth-icon': HearthIcon
  }
}
