/** Something that can be undone: a listener removed, a timer cleared. */
export type Dispose = () => void

/** Collects clean-up functions and runs them once, last added first. */
export class Disposables {
  #pending: Dispose[] = []

  /** Registers a clean-up; returns it, so that it can also be run early. */
  add(dispose: Dispose): Dispose {
    this.#pending.push(dispose)
    return dispose
  }

  /** Runs every clean-up. Safe to call more than once. */
  dispose(): void {
    const pending = this.#pending.reverse()
    this.#pending = []
    for (const dispose of pending) dispose()
  }
}
