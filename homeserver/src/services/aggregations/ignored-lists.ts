import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { LogReads } from '#log/reads.ts'
import type { Log, UserKey } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { ignoredUsersIn } from '#matrix/ignored-users.ts'

const TYPE = 'm.ignored_user_list'
const MAX_LISTS = 10_000

/**
 * Whom users ignore, by user ID. Read once, then forgotten when it changes.
 * https://spec.matrix.org/v1.19/client-server-api/#ignoring-users
 */
export class IgnoredLists {
  readonly #reads: Pick<LogReads, 'accountData'>
  readonly #lists = new LRUCache<UserKey, Promise<readonly string[]>>(upTo(MAX_LISTS))

  constructor(deps: {
    readonly log: Pick<Log, 'subscribe' | 'onReset'>
    readonly reads: Pick<LogReads, 'accountData'>
  }) {
    this.#reads = deps.reads
    deps.log.onReset(() => this.#lists.clear())
    deps.log.subscribe((entries) => {
      for (const entry of entries) {
        if (entry.kind === 'account_data' && entry.type === TYPE) this.#lists.delete(entry.user)
      }
    })
  }

  async of(user: UserKey): Promise<readonly string[]> {
    const known = this.#lists.get(user)
    if (known !== undefined) return await known
    const reading = this.#read(user)
    reading.catch(() => this.#lists.delete(user))
    this.#lists.set(user, reading)
    return await reading
  }

  async #read(user: UserKey): Promise<readonly string[]> {
    const stored = await this.#reads.accountData(user, undefined, TYPE)
    return stored === undefined ? [] : ignoredUsersIn(parseJson(stored.content))
  }
}
