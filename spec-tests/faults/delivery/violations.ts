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

  get isEmpty(): boolean {
    return this.#count === 0
  }

  /** The first of them, one a line. */
  get text(): string {
    const more = this.#count - this.#texts.length
    return [...this.#texts, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n')
  }
}
