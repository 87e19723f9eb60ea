import { type ISyncResponse, MemoryStore, SyncAccumulator } from 'matrix-js-sdk'
import type { ISavedSync } from 'matrix-js-sdk/lib/store/index.js'

/** What a browser keeps on disk between two visits: the answers so far, folded, and the last token. */
export class KeptSync {
  readonly accumulator = new SyncAccumulator({ maxTimelineEntries: 50 })
  hasData = false
}

/** A store of the SDK whose sync data outlives its client, as IndexedDB does in a browser. */
export class KeepingStore extends MemoryStore {
  readonly #kept: KeptSync

  constructor(kept: KeptSync) {
    super()
    this.#kept = kept
  }

  override setSyncData(data: ISyncResponse): Promise<void> {
    this.#kept.accumulator.accumulate(data)
    this.#kept.hasData = true
    return Promise.resolve()
  }

  override getSavedSync(): Promise<ISavedSync | null> {
    return Promise.resolve(this.#kept.hasData ? this.#kept.accumulator.getJSON(true) : null)
  }

  override getSavedSyncToken(): Promise<string | null> {
    return Promise.resolve(this.#kept.hasData ? this.#kept.accumulator.getNextBatchToken() : null)
  }
}
