import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { Db } from '#db/db.ts'
import type { Log, UserKey } from '#log/types.ts'

const MAX_CACHED = 50_000

/** Who of the users wanted to be forgotten when they deactivated their account. */
export class ErasedUsers {
  readonly #db: Db
  readonly #known = new LRUCache<UserKey, boolean>(upTo(MAX_CACHED))
  readonly #reading = new Map<UserKey, Promise<ReadonlySet<UserKey>>>()
  #generation = 0

  constructor(deps: { db: Db; log: Pick<Log, 'subscribe' | 'onReset'> }) {
    this.#db = deps.db
    deps.log.onReset(() => {
      this.#generation++
      this.#known.clear()
      this.#reading.clear()
    })
    deps.log.subscribe((entries) => {
      for (const entry of entries) {
        if (entry.kind !== 'invalidation' || entry.what !== 'user') continue
        this.#generation++
        const user = Number(entry.key) as UserKey
        this.#known.delete(user)
        this.#reading.delete(user)
      }
    })
  }

  /** Those of the users that are erased; from memory for whom memory knows. */
  async among(users: ReadonlySet<UserKey>): Promise<ReadonlySet<UserKey>> {
    const unknown = [...users].filter((user) => this.#known.get(user) === undefined)
    const read = await Promise.all(this.#reads(unknown))
    const isErased = (user: UserKey): boolean =>
      this.#known.get(user) ?? read.some((erased) => erased.has(user))
    return new Set([...users].filter(isErased))
  }

  /** A first sync asks about the same users for hundreds of rooms at once: they share one read. */
  #reads(users: readonly UserKey[]): Set<Promise<ReadonlySet<UserKey>>> {
    const unasked = users.filter((user) => !this.#reading.has(user))
    if (unasked.length > 0) {
      const reading = this.#read(unasked).finally(() => {
        for (const user of unasked) {
          if (this.#reading.get(user) === reading) this.#reading.delete(user)
        }
      })
      for (const user of unasked) this.#reading.set(user, reading)
    }
    const reads = users.map((user) => this.#reading.get(user))
    return new Set(reads.filter((reading) => reading !== undefined))
  }

  async #read(users: readonly UserKey[]): Promise<Set<UserKey>> {
    const generation = this.#generation
    const rows = await this.#db
      .selectFrom('accounts')
      .select('user_key')
      .where('erased', '=', true)
      .where('user_key', '=', sql<number>`ANY (${users})`)
      .execute()
    const erased = new Set(rows.map((row) => row.user_key as UserKey))
    if (generation === this.#generation) {
      for (const user of users) this.#known.set(user, erased.has(user))
    }
    return erased
  }
}
