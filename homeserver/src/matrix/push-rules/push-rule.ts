import type { JsonObject, JsonValue } from '../json.ts'

/** The kinds of rules in the order in which they are tried. */
export const RULE_KINDS = ['override', 'content', 'room', 'sender', 'underride'] as const
export type RuleKind = (typeof RULE_KINDS)[number]

/** One push rule as the API shows it. https://spec.matrix.org/v1.19/client-server-api/#push-rules */
export interface PushRule {
  readonly rule_id: string
  readonly default: boolean
  readonly enabled: boolean
  readonly actions: readonly JsonValue[]
  /** Override and underride rules only; all have to hold. */
  readonly conditions?: readonly JsonObject[]
  /** Content rules only. */
  readonly pattern?: string
}

/**
 * A user's rules, each kind in order of priority. `GET /pushrules/` answers `{ global: ruleset }`.
 * Server-default rules come after the user's own, but `.m.rule.master` before everything.
 */
export type PushRuleset = { readonly [kind in RuleKind]: readonly PushRule[] }
