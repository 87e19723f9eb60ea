import { MatrixError, notFound } from '../errors.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { RULE_KINDS } from './push-rule.ts'
import type { PushRule, PushRuleset, RuleKind } from './push-rule.ts'
import { orderRules } from './stored-rules.ts'

/** What a client says of a rule of its own. */
export interface RuleInput {
  readonly actions: readonly JsonValue[]
  readonly conditions?: readonly JsonObject[] | undefined
  readonly pattern?: string | undefined
}

/** Where a rule goes among the user's own; `before` counts when both are given. */
export interface RulePlace {
  readonly before?: string | undefined
  readonly after?: string | undefined
}

const unknownRule = () => notFound('The push rule was not found.')

/** @throws {MatrixError} 404 `M_NOT_FOUND` */
export function findRule(ruleset: PushRuleset, kind: string, ruleId: string): PushRule {
  const known = RULE_KINDS.find((name) => name === kind)
  const found = known && ruleset[known].find((rule) => rule.rule_id === ruleId)
  if (found === undefined) throw unknownRule()
  return found
}

/**
 * Adds a rule of the user, or replaces it. A new one is enabled and comes first unless a place is
 * named; a known one stays enabled or disabled and where it is.
 * @throws {MatrixError} 400 `M_UNKNOWN` when the place names no rule of the user
 */
export function putRule(
  ruleset: PushRuleset,
  kind: RuleKind,
  ruleId: string,
  input: RuleInput,
  place: RulePlace = {},
): PushRuleset {
  const ownRules = ruleset[kind].filter((rule) => !rule.default)
  const index = ownRules.findIndex((rule) => rule.rule_id === ruleId)
  const rule = makeRule(kind, ruleId, input, ownRules[index]?.enabled ?? true)
  const others = ownRules.filter((_, at) => at !== index)
  const target = place.before ?? place.after
  const at =
    target === undefined || target === ruleId
      ? Math.max(index, 0)
      : indexAt(others, target, place.before === undefined)
  const defaults = ruleset[kind].filter(({ default: isDefault }) => isDefault)
  return {
    ...ruleset,
    [kind]: orderRules([...others.slice(0, at), rule, ...others.slice(at), ...defaults]),
  }
}

/** @throws {MatrixError} 404 `M_NOT_FOUND`, also for the server's rules: they stay */
export function deleteRule(ruleset: PushRuleset, kind: string, ruleId: string): PushRuleset {
  const rule = findRule(ruleset, kind, ruleId)
  if (rule.default) throw notFound('The server’s own push rules cannot be deleted.')
  return mapKind(ruleset, kind, (rules) => rules.filter((other) => other !== rule))
}

/**
 * Changes what a rule does or whether it counts; the server's own rules too.
 * @throws {MatrixError} 404 `M_NOT_FOUND`
 */
export function changeRule(
  ruleset: PushRuleset,
  kind: string,
  ruleId: string,
  change: { readonly enabled: boolean } | { readonly actions: readonly JsonValue[] },
): PushRuleset {
  const rule = findRule(ruleset, kind, ruleId)
  return mapKind(ruleset, kind, (rules) =>
    rules.map((other) => (other === rule ? { ...rule, ...change } : other)),
  )
}

function mapKind(
  ruleset: PushRuleset,
  kind: string,
  change: (rules: readonly PushRule[]) => readonly PushRule[],
): PushRuleset {
  const known = RULE_KINDS.find((name) => name === kind)
  return known === undefined ? ruleset : { ...ruleset, [known]: change(ruleset[known]) }
}

function indexAt(others: readonly PushRule[], target: string, after: boolean): number {
  const index = others.findIndex((rule) => rule.rule_id === target)
  if (index === -1) {
    throw new MatrixError(400, 'M_UNKNOWN', `before/after rule not found: ${target}`)
  }
  return after ? index + 1 : index
}

function makeRule(
  kind: RuleKind,
  ruleId: string,
  { actions, conditions = [], pattern }: RuleInput,
  enabled: boolean,
): PushRule {
  return {
    rule_id: ruleId,
    default: false,
    enabled,
    actions,
    ...((kind === 'override' || kind === 'underride') && { conditions }),
    ...(kind === 'content' && pattern !== undefined && { pattern }),
  }
}
