/** Bytes done of a whole that is known in advance, told to whoever shows it. */
export type OnProgress = (done: number, total: number) => void

/** Adds up the pieces of one job. */
export class Progress {
  readonly #tell: OnProgress
  #done = 0
  #total = 0

  constructor(tell: OnProgress = () => {}) {
    this.#tell = tell
  }

  get done(): number {
    return this.#done
  }

  /** There are more bytes to copy. */
  expect(bytes: number): void {
    this.#total += bytes
  }

  add(bytes: number): void {
    this.#done += bytes
    // files may have grown since they were listed
    this.#total = Math.max(this.#total, this.#done)
    this.#tell(this.#done, this.#total)
  }
}
