import type { LogEntry } from '../types.ts'

type Listener = (entries: readonly LogEntry[]) => void

/** Entries of one append of this worker, known before what other workers appended in front of them. */
interface Parked {
  /** The append began here: nothing of others lies between this and `to`. */
  readonly base: number
  readonly entries: readonly LogEntry[]
  readonly to: number
}

/**
 * How far this worker has come in the log. Entries pass through here once and in order, whether
 * they were read back or are the worker's own.
 */
export class Applied {
  #head = 0
  readonly #last: Listener
  readonly #listeners = new Set<Listener>()
  readonly #resets = new Set<() => void>()
  /** By position, as the appends came. */
  #parked: Parked[] = []
  #waiting: { pos: number; resolve: () => void }[] = []

  /** @param last is told about entries after all other listeners: it wakes those who wait for them */
  constructor(last: Listener) {
    this.#last = last
  }

  get head(): number {
    return this.#head
  }

  /** Sets the head without entries: at the start, and after history was cut (`onReset` is called). */
  reset(head: number): void {
    this.#head = head
    this.#parked = []
    for (const listener of this.#resets) listener()
    this.#release()
  }

  /**
   * Moves the head to `to` and tells the listeners about the entries between.
   * @param entries in position order; those at or before the head are skipped
   */
  apply(entries: readonly LogEntry[], to: number): void {
    this.#take(entries, to)
    for (let next = this.#parked[0]; next !== undefined && next.base <= this.#head;) {
      this.#parked.shift()
      this.#take(next.entries, next.to)
      next = this.#parked[0]
    }
    this.#release()
  }

  /**
   * Keeps this worker's own entries until the head has come to `base`, so that they need not be read
   * back from the database.
   */
  park(base: number, entries: readonly LogEntry[], to: number): void {
    this.#parked.push({ base, entries, to })
  }

  /** How far the log has to be read at most: what follows is parked here. */
  get readUpTo(): number {
    return this.#parked[0]?.base ?? Infinity
  }

  #take(entries: readonly LogEntry[], to: number): void {
    if (to <= this.#head) return
    const from = this.#head
    const first = entries.findIndex((entry) => entry.pos > from)
    const fresh = first <= 0 ? entries : entries.slice(first)
    this.#head = to
    if (first >= 0) {
      for (const listener of this.#listeners) listener(fresh)
      this.#last(fresh)
    }
  }

  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  /** Called when cached knowledge of the log must be dropped. */
  onReset(listener: () => void): () => void {
    this.#resets.add(listener)
    return () => void this.#resets.delete(listener)
  }

  /** Resolves once the head is at least `pos`. */
  reached(pos: number): Promise<void> {
    if (pos <= this.#head) return Promise.resolve()
    return new Promise((resolve) => this.#waiting.push({ pos, resolve }))
  }

  #release(): void {
    if (this.#waiting.length === 0) return
    const waiting = this.#waiting
    this.#waiting = waiting.filter((waiter) => waiter.pos > this.#head)
    for (const waiter of waiting) if (waiter.pos <= this.#head) waiter.resolve()
  }
}
