import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { LogReads } from '#log/reads.ts'
import type { Log, StoredEvent } from '#log/types.ts'

const MAX_EVENTS = 2000

/**
 * Events that others refer to (redactions, replaced state), by position. One state event is shown
 * to many members at the same moment: the event that it replaced is read once for all of them.
 */
export class EventCache {
  readonly #reads: Pick<LogReads, 'eventsByPos'>
  readonly #known = new LRUCache<number, Promise<StoredEvent | undefined>>(upTo(MAX_EVENTS))

  constructor(reads: Pick<LogReads, 'eventsByPos'>, log: Pick<Log, 'subscribe' | 'onReset'>) {
    this.#reads = reads
    log.onReset(() => this.#known.clear())
    log.subscribe((entries) => {
      for (const entry of entries) {
        if (entry.kind === 'event' && entry.redacts !== undefined) this.#known.delete(entry.redacts)
      }
    })
  }

  /** The events at these positions, as far as there are any. */
  async byPos(positions: Iterable<number>): Promise<Map<number, StoredEvent>> {
    const wanted = [...new Set(positions)]
    const missing = wanted.filter((pos) => !this.#known.has(pos))
    if (missing.length > 0) this.#load(missing)
    const found = await Promise.all(wanted.flatMap((pos) => this.#known.get(pos) ?? []))
    return new Map(found.flatMap((event) => (event === undefined ? [] : [[event.pos, event]])))
  }

  #load(positions: readonly number[]): void {
    const loading = this.#reads.eventsByPos(positions)
    for (const pos of positions) {
      const event = loading.then((events) => events.get(pos))
      event.catch(() => this.#known.delete(pos))
      this.#known.set(pos, event)
    }
  }
}
