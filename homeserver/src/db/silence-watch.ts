import type { Clock } from '#platform/clock.ts'

/** Statements end on the server by then, in ms; what takes longer would hold up all others. */
export const STATEMENT_TIMEOUT_MS = 10_000
/**
 * A connection that owes an answer and has said nothing for this long is taken for dead, in ms: the
 * network may drop packets without telling anybody. Longer than any statement may take.
 */
export const SILENCE_MS = 15_000

/** Notices when a connection that owes answers says nothing. One timer serves all statements. */
export class SilenceWatch implements Disposable {
  readonly #clock: Pick<Clock, 'monotonic' | 'after'>
  readonly #limitMs: number
  readonly #onSilence: () => void
  #owed = 0
  #heardAt = 0
  #stop: (() => void) | undefined

  /** @param onSilence called once; it should cut the connection */
  constructor(
    clock: Pick<Clock, 'monotonic' | 'after'>,
    onSilence: () => void,
    limitMs = SILENCE_MS,
  ) {
    this.#clock = clock
    this.#onSilence = onSilence
    this.#limitMs = limitMs
  }

  /** A statement is on its way. */
  sent(): void {
    if (this.#owed++ === 0) this.#heardAt = this.#clock.monotonic()
    this.#stop ??= this.#clock.after(this.#limitMs, () => this.#look())
  }

  /** Its answer came. */
  heard(): void {
    this.#owed--
    this.#heardAt = this.#clock.monotonic()
  }

  [Symbol.dispose](): void {
    this.#stop?.()
    this.#stop = undefined
  }

  #look(): void {
    this.#stop = undefined
    if (this.#owed === 0) return
    const left = this.#heardAt + this.#limitMs - this.#clock.monotonic()
    if (left <= 0) this.#onSilence()
    else this.#stop = this.#clock.after(left, () => this.#look())
  }
}
