import type { AppendItem, AppendOutcome, Log } from '#log/types.ts'
import { unavailable } from '#matrix/errors.ts'

/**
 * The log for events that are made from what is known of it now. Once its end was lost, what was made
 * before is refused: its parents have places in the log that now belong to other events.
 */
export class HistoryLog implements Pick<Log, 'head' | 'append' | 'catchUp'> {
  readonly #log: Log
  #isPast = false

  constructor(log: Log) {
    this.#log = log
  }

  get head(): number {
    return this.#log.head
  }

  append(group: readonly AppendItem[]): Promise<AppendOutcome> {
    if (!this.#isPast) return this.#log.append(group)
    return Promise.reject(unavailable('The database was replaced by an older copy. Try again.'))
  }

  catchUp(): Promise<void> {
    return this.#log.catchUp()
  }

  /** The log continues from another history. */
  end(): void {
    this.#isPast = true
  }
}
