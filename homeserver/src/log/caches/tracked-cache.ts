import { LRUCache } from 'lru-cache'
import { upTo } from './up-to.ts'

export interface TrackedCacheDeps<Key extends number | string, Value extends object> {
  /** Most values, or with `weigh` the most weight. */
  readonly max: number
  readonly weigh?: (value: Value) => number
  /** Reads values in one view of the database, whose last position is `upTo`. */
  load(keys: readonly Key[]): Promise<{ values: Map<Key, Value>; upTo: number }>
  /** Reads the log on to a position. */
  reach(pos: number): Promise<void>
}

interface Loading<Value> {
  readonly changes: { readonly pos: number; readonly change: (value: Value) => void }[]
  dropped: boolean
}

/**
 * Values read from Postgres once and then kept current by the log's entries. A value in the cache
 * is always as of the head: changes that arrive while it is being read are applied to it after.
 */
export class TrackedCache<Key extends number | string, Value extends object> {
  readonly #deps: TrackedCacheDeps<Key, Value>
  readonly #values: LRUCache<Key, Value>
  readonly #loading = new Map<Key, Set<Loading<Value>>>()
  readonly #pending = new Map<Key, Promise<Map<Key, Value>>>()

  constructor(deps: TrackedCacheDeps<Key, Value>) {
    this.#deps = deps
    const { weigh, max } = deps
    this.#values = new LRUCache(
      weigh === undefined ? upTo(max) : { maxSize: max, sizeCalculation: (v) => weigh(v) + 1 },
    )
  }

  /** The value when it is cached. */
  peek(key: Key): Value | undefined {
    return this.#values.get(key)
  }

  /** The value; undefined when the database has none. */
  async get(key: Key): Promise<Value | undefined> {
    return this.#values.get(key) ?? (await this.getMany([key])).get(key)
  }

  /** The values of several keys; what is missing is read in one statement. */
  async getMany(keys: readonly Key[]): Promise<Map<Key, Value>> {
    const found = new Map<Key, Value>()
    const missing: Key[] = []
    const waits = new Map<Key, Promise<Map<Key, Value>>>()
    for (const key of keys) {
      const value = this.#values.get(key)
      const pending = this.#pending.get(key)
      if (value !== undefined) found.set(key, value)
      else if (pending !== undefined) waits.set(key, pending)
      else missing.push(key)
    }
    if (missing.length > 0) {
      const loaded = this.#load(missing)
      for (const key of missing) waits.set(key, loaded)
    }
    for (const [key, wait] of waits) {
      const value = (await wait).get(key)
      if (value !== undefined) found.set(key, value)
    }
    return found
  }

  /** Applies an entry's change to the cached value, and to one that is being read. */
  update(key: Key, pos: number, change: (value: Value) => void): void {
    const value = this.#values.peek(key)
    if (value !== undefined) change(value)
    for (const loading of this.#loading.get(key) ?? []) loading.changes.push({ pos, change })
  }

  /** Forgets a value that can't be kept current. */
  drop(key: Key): void {
    this.#values.delete(key)
    this.#pending.delete(key)
    for (const loading of this.#loading.get(key) ?? []) loading.dropped = true
  }

  clear(): void {
    for (const key of [...this.#values.keys(), ...this.#loading.keys()]) this.drop(key)
  }

  #load(keys: readonly Key[]): Promise<Map<Key, Value>> {
    const marks = new Map<Key, Loading<Value>>()
    for (const key of keys) {
      const mark: Loading<Value> = { changes: [], dropped: false }
      marks.set(key, mark)
      const others = this.#loading.get(key)
      if (others === undefined) this.#loading.set(key, new Set([mark]))
      else others.add(mark)
    }
    const loaded = this.#read(marks).finally(() => {
      for (const [key, mark] of marks) {
        const others = this.#loading.get(key)
        others?.delete(mark)
        if (others?.size === 0) this.#loading.delete(key)
        if (this.#pending.get(key) === loaded) this.#pending.delete(key)
      }
    })
    for (const key of keys) this.#pending.set(key, loaded)
    return loaded
  }

  async #read(marks: ReadonlyMap<Key, Loading<Value>>): Promise<Map<Key, Value>> {
    const { values, upTo } = await this.#deps.load(Array.from(marks.keys()))
    await this.#deps.reach(upTo)
    for (const [key, mark] of marks) {
      const value = values.get(key)
      if (value === undefined) continue
      for (const { pos, change } of mark.changes) if (pos > upTo) change(value)
      if (!mark.dropped) this.#values.set(key, value)
    }
    return values
  }
}
