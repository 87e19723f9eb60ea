import type { Log, LogEntry, RoomKey, UserKey } from '#log/types.ts'

/** What happened at a position, as far as it tells who has something new. */
export type Change =
  | { readonly kind: 'event' | 'receipt'; readonly pos: number; readonly room: RoomKey }
  | { readonly kind: 'account_data'; readonly pos: number; readonly user: UserKey }

const CAPACITY = 16_384

/**
 * The latest part of the log, so that a sync which is nearly up to date looks at what changed instead
 * of at every room of the user.
 */
export class RecentChanges {
  /** In order of position. */
  readonly #changes: Change[] = []
  readonly #capacity: number
  /** Every change after it is here. */
  #floor: number

  constructor(log: Pick<Log, 'head' | 'subscribe' | 'onReset'>, capacity = CAPACITY) {
    this.#floor = log.head
    this.#capacity = capacity
    log.subscribe((entries) => this.#add(entries))
    log.onReset(() => {
      this.#changes.length = 0
      this.#floor = log.head
    })
  }

  /** Changes after a position; undefined when some of them are no longer remembered. */
  after(pos: number): readonly Change[] | undefined {
    if (pos < this.#floor) return undefined
    let index = this.#changes.length
    while (index > 0 && (this.#changes[index - 1]?.pos ?? 0) > pos) index--
    return this.#changes.slice(index)
  }

  #add(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      const change = changeOf(entry)
      if (change !== undefined) this.#changes.push(change)
    }
    const excess = this.#changes.length - this.#capacity
    // half of it at a time, so that dropping costs little
    if (excess <= 0) return
    const dropped = this.#changes.splice(0, excess + (this.#capacity >> 1))
    this.#floor = dropped.at(-1)?.pos ?? this.#floor
  }
}

function changeOf(entry: LogEntry): Change | undefined {
  switch (entry.kind) {
    case 'event':
      return { kind: 'event', pos: entry.pos, room: entry.event.room }
    case 'receipt':
      return { kind: 'receipt', pos: entry.pos, room: entry.room }
    case 'account_data':
      return { kind: 'account_data', pos: entry.pos, user: entry.user }
    case 'to_device':
    case 'invalidation':
      return undefined
  }
}
