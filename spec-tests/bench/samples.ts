/** Durations in milliseconds and what is said of them. */
export class Samples {
  readonly #values: number[] = []

  add(milliseconds: number): void {
    this.#values.push(milliseconds)
  }

  get count(): number {
    return this.#values.length
  }

  /** Nearest-rank percentile, `p` in 0..100; null without samples. */
  percentile(p: number): number | null {
    if (this.#values.length === 0) return null
    const sorted = this.#values.toSorted((a, b) => a - b)
    const rank = Math.max(0, Math.ceil((p / 100) * sorted.length) - 1)
    return round(sorted[rank] ?? 0)
  }
}

/** Two decimals, which is what the clock is good for. */
export function round(value: number): number {
  return Math.round(value * 100) / 100
}
