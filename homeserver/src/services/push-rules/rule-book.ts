import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { LogReads } from '#log/reads.ts'
import type { Log, LogEntry, UserKey } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import type { UserId } from '#matrix/ids.ts'
import { UserRules } from './user-rules.ts'

/** Whose rules are meant. */
export interface UserRef {
  readonly key: UserKey
  readonly userId: UserId
}

export interface RuleBookDeps {
  readonly log: Pick<Log, 'subscribe' | 'onReset'>
  readonly reads: Pick<LogReads, 'accountData'>
  readonly config: { readonly push: { readonly legacy_mentions: boolean } }
}

const MAX_USERS = 20_000
export const RULES_TYPE = 'm.push_rules'
const IGNORE_TYPE = 'm.ignored_user_list'

/** The rules of users, read once and forgotten when the log tells of a change. */
export class RuleBook {
  readonly #deps: RuleBookDeps
  readonly #rules = new LRUCache<UserKey, UserRules>(upTo(MAX_USERS))
  /** Reads under way; one that is no longer in here when it ends has missed a change. */
  readonly #reading = new Map<UserKey, Promise<UserRules>>()

  constructor(deps: RuleBookDeps) {
    this.#deps = deps
    deps.log.subscribe((entries) => this.#follow(entries))
    deps.log.onReset(() => {
      this.#rules.clear()
      this.#reading.clear()
    })
  }

  /** The rules as of now; the same object until they change. */
  async of(user: UserRef): Promise<UserRules> {
    const known = this.#rules.get(user.key)
    if (known !== undefined) return known
    const underWay = this.#reading.get(user.key)
    if (underWay !== undefined) return await underWay
    const reading = this.read(user)
    this.#reading.set(user.key, reading)
    try {
      const rules = await reading
      if (this.#reading.get(user.key) === reading) this.#rules.set(user.key, rules)
      return rules
    } finally {
      if (this.#reading.get(user.key) === reading) this.#reading.delete(user.key)
    }
  }

  /** The rules as the database has them, for who is about to change them. */
  async read({ key, userId }: UserRef): Promise<UserRules> {
    const [rules, ignored] = await Promise.all([
      this.#deps.reads.accountData(key, undefined, RULES_TYPE),
      this.#deps.reads.accountData(key, undefined, IGNORE_TYPE),
    ])
    return new UserRules(
      userId,
      rules && parseJson(rules.content),
      ignored && parseJson(ignored.content),
      { legacyMentions: this.#deps.config.push.legacy_mentions },
    )
  }

  #follow(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      if (entry.kind !== 'account_data' || entry.room !== undefined) continue
      if (entry.type !== RULES_TYPE && entry.type !== IGNORE_TYPE) continue
      this.#rules.delete(entry.user)
      this.#reading.delete(entry.user)
    }
  }
}
