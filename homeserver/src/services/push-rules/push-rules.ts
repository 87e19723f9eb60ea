import type { UserId } from '#matrix/ids.ts'
import { notFound } from '#matrix/errors.ts'
import { defaultRuleset } from '#matrix/push-rules/default-rules.ts'
import { RULE_KINDS } from '#matrix/push-rules/push-rule.ts'
import type { PushRule, PushRuleset } from '#matrix/push-rules/push-rule.ts'

/** What decides about notifications of each user. */
export interface PushRules {
  /** All rules of the user, in order of priority. */
  rulesOf(userId: UserId): PushRuleset
  /**
   * One rule.
   * @throws {MatrixError} 404 `M_NOT_FOUND` for an unknown kind or rule
   */
  rule(userId: UserId, kind: string, ruleId: string): PushRule
}

/**
 * Makes the service. Every user has the default rules.
 * https://spec.matrix.org/v1.19/client-server-api/#push-rules
 */
export function createPushRules(): PushRules {
  return {
    rulesOf: defaultRuleset,
    rule(userId, kind, ruleId) {
      const known = RULE_KINDS.find((name) => name === kind)
      const rules = known === undefined ? [] : defaultRuleset(userId)[known]
      const found = rules.find((rule) => rule.rule_id === ruleId)
      if (found === undefined) throw notFound('The push rule was not found.')
      return found
    },
  }
}
