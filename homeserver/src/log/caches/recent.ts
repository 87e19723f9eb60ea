import type { AccountDataEntry, LogEntry, ReceiptEntry, RoomKey, UserKey } from '../types.ts'

const MOST_ENTRIES = 10_000

interface Range {
  readonly after: number
  readonly upTo: number
}

/**
 * The latest receipts and account data: what incremental syncs ask for. Complete after `floor`.
 */
export class Recent {
  #floor = 0
  #entries: (ReceiptEntry | AccountDataEntry)[] = []
  readonly #byRoom = new Map<RoomKey, ReceiptEntry[]>()
  readonly #byUser = new Map<UserKey, AccountDataEntry[]>()

  /** Forgets all; complete again from `head` on. */
  reset(head: number): void {
    this.#floor = head
    this.#entries = []
    this.#byRoom.clear()
    this.#byUser.clear()
  }

  apply(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      if (entry.kind !== 'receipt' && entry.kind !== 'account_data') continue
      this.#entries.push(entry)
      this.#index(entry)
    }
    if (this.#entries.length > 2 * MOST_ENTRIES) this.#shrink()
  }

  /** Undefined when memory does not reach back to `after`. */
  receipts(rooms: readonly RoomKey[], range: Range): ReceiptEntry[] | undefined {
    if (range.after < this.#floor) return undefined
    return rooms.flatMap((room) =>
      latest(
        this.#byRoom.get(room) ?? [],
        range,
        (entry) => `${entry.user} ${entry.type} ${entry.threadId ?? ''}`,
      ),
    )
  }

  /** Undefined when memory does not reach back to `after`. */
  accountData(user: UserKey, range: Range): AccountDataEntry[] | undefined {
    if (range.after < this.#floor) return undefined
    return latest(
      this.#byUser.get(user) ?? [],
      range,
      (entry) => `${entry.room ?? 0} ${entry.type}`,
    )
  }

  #index(entry: ReceiptEntry | AccountDataEntry): void {
    if (entry.kind === 'receipt') {
      const others = this.#byRoom.get(entry.room)
      if (others === undefined) this.#byRoom.set(entry.room, [entry])
      else others.push(entry)
    } else {
      const others = this.#byUser.get(entry.user)
      if (others === undefined) this.#byUser.set(entry.user, [entry])
      else others.push(entry)
    }
  }

  #shrink(): void {
    const kept = this.#entries.slice(-MOST_ENTRIES)
    this.reset(this.#entries.at(-MOST_ENTRIES - 1)?.pos ?? this.#floor)
    this.#entries = kept
    for (const entry of kept) this.#index(entry)
  }
}

/** Entries in range, each only in its last form, as a table of current rows has them. */
function latest<Entry extends { readonly pos: number }>(
  entries: readonly Entry[],
  range: Range,
  keyOf: (entry: Entry) => string,
): Entry[] {
  const last = new Map<string, Entry>()
  for (const entry of entries) {
    if (entry.pos <= range.after || entry.pos > range.upTo) continue
    const key = keyOf(entry)
    last.delete(key)
    last.set(key, entry)
  }
  return Array.from(last.values())
}
