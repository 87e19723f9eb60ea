import type { Batcher } from './append/batcher.ts'
import type { Applied } from './tail/applied.ts'
import type { Tail } from './tail/tail.ts'
import type { AppendItem, AppendOutcome, Log, LogEntry } from './types.ts'

/** {@link Log}: the batcher writes, the tail reads. */
export class OrderedLog implements Log {
  readonly #applied: Applied
  readonly #batcher: Batcher
  readonly #tail: Tail

  constructor(deps: { applied: Applied; batcher: Batcher; tail: Tail }) {
    this.#applied = deps.applied
    this.#batcher = deps.batcher
    this.#tail = deps.tail
  }

  get head(): number {
    return this.#applied.head
  }

  append(group: readonly AppendItem[]): Promise<AppendOutcome> {
    return this.#batcher.append(group)
  }

  subscribe(listener: (entries: readonly LogEntry[]) => void): () => void {
    return this.#applied.subscribe(listener)
  }

  onReset(listener: () => void): () => void {
    return this.#applied.onReset(listener)
  }

  catchUp(): Promise<void> {
    return this.#tail.catchUp()
  }
}
