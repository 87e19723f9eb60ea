import type { Dispose } from './disposables.ts'

/** A list of listeners for one kind of occurrence. */
export class Emitter<T = void> {
  readonly #listeners = new Set<(value: T) => void>()

  /** Adds a listener; the returned function removes it. */
  subscribe(listener: (value: T) => void): Dispose {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Calls every listener in the order of subscription. */
  emit(value: T): void {
    // a copy: listeners may come and go while it is called
    for (const listener of Array.from(this.#listeners)) listener(value)
  }
}
