import { sql, type Kysely } from 'kysely'
import { transaction, type Schema } from '#db/db.ts'
import type { Log, UserKey } from '#log/types.ts'
import { tooLarge } from '#matrix/errors.ts'
import type { JsonValue } from '#matrix/json.ts'
import {
  changeRule,
  deleteRule,
  findRule,
  putRule,
  type RuleInput,
  type RulePlace,
} from '#matrix/push-rules/edit-rules.ts'
import type { PushRule, PushRuleset, RuleKind } from '#matrix/push-rules/push-rule.ts'
import { KeyedTurns } from '#platform/keyed-turns.ts'
import { RULES_TYPE, type RuleBook, type UserRef } from './rule-book.ts'

export interface PushRulesDeps {
  readonly db: Kysely<Schema>
  readonly log: Pick<Log, 'append'>
  readonly ruleBook: RuleBook
}

/** All rules of a user as JSON text: some thousand muted rooms. */
const MAX_LENGTH = 256 * 1024
/** First key of the advisory locks under which a user's rules are changed. */
const LOCK_CLASS = 4_820_101

/**
 * What decides about notifications of each user. Stored as the account data `m.push_rules`, so that
 * every device and worker is told by the log.
 * https://spec.matrix.org/v1.19/client-server-api/#push-rules
 */
export class PushRules {
  readonly #deps: PushRulesDeps
  readonly #turns = new KeyedTurns<UserKey>()

  constructor(deps: PushRulesDeps) {
    this.#deps = deps
  }

  /** All rules of the user, in order of priority. */
  async rulesOf(user: UserRef): Promise<PushRuleset> {
    return (await this.#deps.ruleBook.of(user)).ruleset
  }

  /**
   * One rule.
   * @throws {MatrixError} 404 `M_NOT_FOUND` for an unknown kind or rule
   */
  async rule(user: UserRef, kind: string, ruleId: string): Promise<PushRule> {
    return findRule(await this.rulesOf(user), kind, ruleId)
  }

  /**
   * Adds or replaces a rule of the user.
   * @throws {MatrixError} 400 `M_UNKNOWN` when the place is none, 413 when there are too many rules
   */
  async put(
    user: UserRef,
    kind: RuleKind,
    ruleId: string,
    input: RuleInput,
    place: RulePlace,
  ): Promise<void> {
    await this.#edit(user, (rules) => putRule(rules, kind, ruleId, input, place))
  }

  /** @throws {MatrixError} 404 `M_NOT_FOUND`, also for the server's own rules */
  async delete(user: UserRef, kind: string, ruleId: string): Promise<void> {
    await this.#edit(user, (rules) => deleteRule(rules, kind, ruleId))
  }

  /** @throws {MatrixError} 404 `M_NOT_FOUND` */
  async setEnabled(user: UserRef, kind: string, ruleId: string, enabled: boolean): Promise<void> {
    await this.#edit(user, (rules) => changeRule(rules, kind, ruleId, { enabled }))
  }

  /** @throws {MatrixError} 404 `M_NOT_FOUND` */
  async setActions(
    user: UserRef,
    kind: string,
    ruleId: string,
    actions: readonly JsonValue[],
  ): Promise<void> {
    await this.#edit(user, (rules) => changeRule(rules, kind, ruleId, { actions }))
  }

  /** Changes of a user come one after another, so that waiting ones hold no connection. */
  async #edit(user: UserRef, change: (rules: PushRuleset) => PushRuleset): Promise<void> {
    await this.#turns.run(user.key, () => this.#editLocked(user, change))
  }

  /** The lock is for changes that come to other workers. */
  async #editLocked(user: UserRef, change: (rules: PushRuleset) => PushRuleset): Promise<void> {
    const { db, log, ruleBook } = this.#deps
    await transaction(db, async (tx) => {
      await sql`SELECT pg_advisory_xact_lock(${LOCK_CLASS}::int, hashint8(${user.key}::bigint))`.execute(
        tx,
      )
      const { ruleset } = await ruleBook.read(user)
      const content = JSON.stringify({ global: change(ruleset) })
      if (content.length > MAX_LENGTH) throw tooLarge('You have too many push rules.')
      await log.append([
        { kind: 'account_data', user: user.key, room: undefined, type: RULES_TYPE, content },
      ])
    })
  }
}

/** Makes the service. */
export const createPushRules = (deps: PushRulesDeps): PushRules => new PushRules(deps)
