import { sql } from 'kysely'
import { LRUCache } from 'lru-cache'
import type { Db } from '#db/db.ts'
import type { Log, UserKey } from '#log/types.ts'

const MAX_CACHED = 50_000

/** Who of the users wanted to be forgotten when they deactivated their account. */
export class ErasedUsers {
  readonly #db: Db
  readonly #known = new LRUCache<UserKey, boolean>({ max: MAX_CACHED })
  #generation = 0

  constructor(deps: { db: Db; log: Pick<Log, 'subscribe' | 'onReset'> }) {
    this.#db = deps.db
    deps.log.onReset(() => {
      this.#generation++
      this.#known.clear()
    })
    deps.log.subscribe((entries) => {
      for (const entry of entries) {
        if (entry.kind !== 'invalidation' || entry.what !== 'user') continue
        this.#generation++
        this.#known.delete(Number(entry.key) as UserKey)
      }
    })
  }

  /** Those of the users that are erased; from memory for whom memory knows. */
  async among(users: ReadonlySet<UserKey>): Promise<ReadonlySet<UserKey>> {
    const unknown = [...users].filter((user) => this.#known.get(user) === undefined)
    const read = unknown.length === 0 ? new Set<UserKey>() : await this.#read(unknown)
    return new Set([...users].filter((user) => this.#known.get(user) ?? read.has(user)))
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
