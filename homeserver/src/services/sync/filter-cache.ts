import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { Filter } from '#services/filters/index.ts'
import { syncFilter, type SyncFilter } from './filter.ts'

const MAX_FILTERS = 500
/** Longer texts are rare, and not worth their memory. */
const MAX_LENGTH = 8_192

/** Inline filters, compiled: clients send the same one with each request. */
export class FilterCache {
  readonly #byText = new LRUCache<string, SyncFilter>(upTo(MAX_FILTERS))

  /** @param parse called for a text that is not known; throws when it is no filter */
  get(text: string, parse: (text: string) => Filter): SyncFilter {
    const known = this.#byText.get(text)
    if (known !== undefined) return known
    const made = syncFilter(parse(text))
    if (text.length <= MAX_LENGTH) this.#byText.set(text, made)
    return made
  }
}
