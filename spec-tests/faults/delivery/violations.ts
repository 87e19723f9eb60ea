const SHOWN = 30

/** Broken promises, in the order in which they were noticed. */
export class Violations {
  readonly #started = performance.now()
  readonly #texts: string[] = []
  #count = 0

  add(text: string): void {
    this.#count += 1
    if (this.#texts.length >= SHOWN) return
    this.#texts.push(`${((performance.now() - this.#started) / 1000).toFixed(2)} s: ${text}`)
  }

  /** The first of them, one a line, and forgets them; undefined when there are none. */
  take(): string | undefined {
    const texts = this.#texts.splice(0)
    const more = this.#count - texts.length
    this.#count = 0
    if (texts.length === 0) return undefined
    return [...texts, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n')
  }
}
