import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { Requester } from './requester.ts'
import type { Log } from '#log/types.ts'

const MAX_ENTRIES = 20_000

/**
 * Requesters by token hash. The log tells when a device or user changed, on this worker or any
 * other, and the entry goes.
 */
export class RequesterCache {
  readonly #entries = new LRUCache<string, Requester>(upTo(MAX_ENTRIES))
  #generation = 0

  constructor(log: Pick<Log, 'subscribe' | 'onReset'>) {
    // after a failover the database may lack what was cached
    log.onReset(() => {
      this.#generation++
      this.#entries.clear()
    })
    log.subscribe((entries) => {
      for (const entry of entries) {
        if (entry.kind === 'invalidation') this.#forget(entry.what, entry.key)
      }
    })
  }

  get(hash: string): Requester | undefined {
    return this.#entries.get(hash)
  }

  /**
   * Loads and keeps an entry, unless something was invalidated meanwhile: then what was read may
   * be out of date already and is used this once.
   */
  async load(
    hash: string,
    read: () => Promise<Requester | undefined>,
  ): Promise<Requester | undefined> {
    const generation = this.#generation
    const requester = await read()
    if (requester !== undefined && generation === this.#generation) {
      this.#entries.set(hash, requester)
    }
    return requester
  }

  #forget(what: string, key: string): void {
    this.#generation++
    for (const [hash, requester] of this.#entries.entries()) {
      const current = what === 'device' ? requester.device : requester.user
      if (what !== 'registration' && String(current) === key) this.#entries.delete(hash)
    }
  }
}
