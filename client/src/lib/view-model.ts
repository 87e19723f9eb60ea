import { Disposables, type Dispose } from './disposables.ts'
import { Emitter } from './emitter.ts'
import { equal } from './equal.ts'

/**
 * Holds the immutable state of one part of the screen and the actions that change it. It knows
 * nothing of the DOM, so it is tested in Node. Whoever creates a view model disposes it.
 */
export abstract class ViewModel<State extends object> {
  protected readonly disposables = new Disposables()
  readonly #changed = new Emitter()
  #state: State
  #disposed = false

  constructor(initial: State) {
    this.#state = initial
  }

  /** The current state; a new object after each change. */
  get state(): State {
    return this.#state
  }

  /** True after `dispose`, when late answers from the network must be dropped. */
  protected get disposed(): boolean {
    return this.#disposed
  }

  /** Calls `listener` after each change; the returned function stops that. */
  subscribe(listener: () => void): Dispose {
    return this.#changed.subscribe(listener)
  }

  /** Releases every listener this view model holds. */
  dispose(): void {
    this.#disposed = true
    this.disposables.dispose()
  }

  /** Replaces part of the state. Listeners hear of it only when something differs. */
  protected merge(part: Partial<State>): void {
    if (this.#disposed) return
    const next = { ...this.#state, ...part }
    if (equal(next, this.#state)) return
    this.#state = next
    this.#changed.emit()
  }
}
