import { LRUCache } from 'lru-cache'
import type { Dictionary, LogEntry, LogReads, StoredEvent } from './deps.ts'
import { stateEvent } from './state-events.ts'
import type { StateEvent } from './types.ts'
import { upTo } from '#log/caches/up-to.ts'

const MOST_BYTES = 16_000_000
/** Objects, ids and the parsed form, beside the text. */
const EVENT_BYTES = 1_500
const MOST_DELIVERED = 2_000

/** State events by position: parsed once, shared by all readers, bounded by bytes. */
export class EventLoader {
  readonly #deps: { reads: LogReads; dictionary: Dictionary }
  readonly #events = new LRUCache<number, StateEvent>({
    maxSize: MOST_BYTES,
    sizeCalculation: (event) => EVENT_BYTES + event.json.length,
  })
  /** State events as the log delivered them, not asked for yet. */
  readonly #delivered = new LRUCache<number, StoredEvent>(upTo(MOST_DELIVERED))
  #redactions = 0

  constructor(deps: { reads: LogReads; dictionary: Dictionary }) {
    this.#deps = deps
  }

  /** By position; what is not in memory is read in one statement. */
  async byPos(positions: readonly number[]): Promise<Map<number, StateEvent>> {
    const found = new Map<number, StateEvent>()
    const missing: number[] = []
    for (const pos of positions) {
      const event = this.#events.get(pos)
      if (event === undefined) missing.push(pos)
      else found.set(pos, event)
    }
    if (missing.length === 0) return found
    const redactions = this.#redactions
    const stored = await this.#stored(missing)
    for (const event of await this.#wrap(stored, redactions)) found.set(event.pos, event)
    return found
  }

  /** Reads stored events and wraps them, sharing those that are in memory already. */
  async wrap(read: () => Promise<readonly StoredEvent[]>): Promise<StateEvent[]> {
    const redactions = this.#redactions
    return await this.#wrap(await read(), redactions)
  }

  /** Keeps what the log delivers, and forgets what it redacts. */
  apply(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      if (entry.kind !== 'event') continue
      const { event, redacts } = entry
      if (event.stateKey !== undefined) this.#delivered.set(event.pos, event)
      if (redacts === undefined) continue
      this.#redactions++
      this.#events.delete(redacts)
      this.#delivered.delete(redacts)
    }
  }

  clear(): void {
    this.#redactions++
    this.#events.clear()
    this.#delivered.clear()
  }

  async #stored(positions: readonly number[]): Promise<StoredEvent[]> {
    const found: StoredEvent[] = []
    const missing: number[] = []
    for (const pos of positions) {
      const event = this.#delivered.get(pos)
      if (event === undefined) missing.push(pos)
      else found.push(event)
    }
    if (missing.length === 0) return found
    return [...found, ...(await this.#deps.reads.eventsByPos(missing)).values()]
  }

  async #wrap(stored: readonly StoredEvent[], redactions: number): Promise<StateEvent[]> {
    const rooms = await this.#deps.dictionary.roomsByKey([
      ...new Set(stored.map((event) => event.room)),
    ])
    return stored.map((event) => {
      const known = this.#events.get(event.pos)
      if (known !== undefined && known.redactedBy === event.redactedBy) return known
      const room = rooms.get(event.room)
      if (room === undefined) throw new TypeError(`Event ${event.pos} is in an unknown room.`)
      const wrapped = stateEvent(event, room.version)
      // one that was read before a redaction came through must not stay
      if (redactions === this.#redactions) this.#events.set(event.pos, wrapped)
      return wrapped
    })
  }
}
