const PIN_DISTANCE = 24

/** How far the scroller is from its end, in pixels. */
export function distanceToEnd(scroller: Element): number {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight
}

/**
 * Keeps what the person reads in its place while lines come and go above and below: either the
 * end stays at the end, or the first visible line stays where it is.
 */
export class ScrollAnchor {
  readonly #scroller: HTMLElement
  readonly #rows: () => Iterable<HTMLElement>
  #pinned = true
  #anchor: { readonly key: string; readonly offset: number } | undefined

  constructor(scroller: HTMLElement, rows: () => Iterable<HTMLElement>) {
    this.#scroller = scroller
    this.#rows = rows
  }

  /** Whether the end of the list is kept in view. */
  get pinned(): boolean {
    return this.#pinned
  }

  /** Goes to the end and stays there. */
  pin(): void {
    this.#pinned = true
    this.restore()
  }

  /** Puts a line at `fraction` of the height from the top, and keeps it there. */
  show(row: HTMLElement, fraction: number): void {
    this.#pinned = false
    const wanted = this.#scroller.clientHeight * fraction
    this.#scroller.scrollTop += this.#offset(row) - wanted
    this.capture(false)
  }

  /** Remembers the place after the person has scrolled. `atEnd`: no newer lines are missing. */
  capture(atEnd: boolean): void {
    this.#pinned = atEnd && distanceToEnd(this.#scroller) <= PIN_DISTANCE
    this.#remember()
  }

  /** Goes back to the remembered place after lines have changed, before anything is painted. */
  restore(): void {
    if (this.#pinned) {
      this.#scroller.scrollTop = this.#scroller.scrollHeight
    } else if (this.#anchor !== undefined) {
      const { key, offset } = this.#anchor
      const row = [...this.#rows()].find((candidate) => candidate.dataset['key'] === key)
      const drift = row === undefined ? 0 : this.#offset(row) - offset
      if (Math.abs(drift) >= 1) this.#scroller.scrollTop += drift
    }
    this.#remember()
  }

  #offset(row: HTMLElement): number {
    return row.getBoundingClientRect().top - this.#scroller.getBoundingClientRect().top
  }

  #remember(): void {
    const top = this.#scroller.getBoundingClientRect().top
    for (const row of this.#rows()) {
      const rect = row.getBoundingClientRect()
      if (rect.top < top && rect.bottom - top < rect.height / 2) continue
      this.#anchor = { key: row.dataset['key'] ?? '', offset: rect.top - top }
      return
    }
  }
}
