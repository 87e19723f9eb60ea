/** Work that is to be done one after another for each key, and side by side for different ones. */
export class KeyedTurns<Key> {
  readonly #last = new Map<Key, Promise<unknown>>()

  /** Does the work when all that came before under the key has ended, however it ended. */
  async run<Result>(key: Key, work: () => Promise<Result>): Promise<Result> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const turn = before.then(work)
    // the failure is the caller's; whoever comes next only waits
    const settled = turn.catch(() => undefined)
    this.#last.set(key, settled)
    try {
      return await turn
    } finally {
      if (this.#last.get(key) === settled) this.#last.delete(key)
    }
  }
}
