import type { UserId } from '../ids.ts'
import { isJsonObject, own } from '../json.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { defaultRuleset } from './default-rules.ts'
import { withLegacyMentions } from './legacy-mentions.ts'
import { RULE_KINDS } from './push-rule.ts'
import type { PushRule, PushRuleset, RuleKind } from './push-rule.ts'

const MASTER = '.m.rule.master'

/**
 * A user's rules from what is stored under `m.push_rules`. The server's own rules always stand as
 * this build has them: of what is stored only whether they are enabled and what they do counts.
 * Whatever is damaged counts as absent.
 * @param options `legacyMentions`: the server's rules include those that look for mentions in the text
 */
export function storedRuleset(
  content: JsonValue | undefined,
  userId: UserId,
  { legacyMentions = false }: { readonly legacyMentions?: boolean } = {},
): PushRuleset {
  const standard = defaultRuleset(userId)
  const defaults = legacyMentions ? withLegacyMentions(standard, userId) : standard
  const global = isJsonObject(content) ? own(content, 'global') : undefined
  if (!isJsonObject(global)) return defaults
  const ofKind = (kind: RuleKind) => orderRules(kindRules(own(global, kind), defaults[kind]))
  return {
    override: ofKind('override'),
    content: ofKind('content'),
    room: ofKind('room'),
    sender: ofKind('sender'),
    underride: ofKind('underride'),
  }
}

/** Puts rules of a kind in the order in which they are tried: the user's before the server's. */
export function orderRules(rules: readonly PushRule[]): PushRule[] {
  return [
    ...rules.filter((rule) => rule.rule_id === MASTER),
    ...rules.filter((rule) => !rule.default),
    ...rules.filter((rule) => rule.default && rule.rule_id !== MASTER),
  ]
}

/**
 * Whether a ruleset can notify or highlight anything otherwise than the default rules do; sounds
 * and other tweaks are no difference.
 */
export function differsFromDefault(ruleset: PushRuleset, userId: UserId): boolean {
  return effectOf(ruleset) !== effectOf(defaultRuleset(userId))
}

function effectOf(ruleset: PushRuleset): string {
  const rules = RULE_KINDS.map((kind) =>
    ruleset[kind]
      .filter((rule) => rule.enabled)
      .map(({ rule_id, actions, conditions = null, pattern = null }) => [
        rule_id,
        actions.includes('notify'),
        actions.filter((action) => isJsonObject(action) && action['set_tweak'] === 'highlight'),
        conditions,
        pattern,
      ]),
  )
  return JSON.stringify(rules)
}

function kindRules(stored: JsonValue | undefined, defaults: readonly PushRule[]): PushRule[] {
  const found = (Array.isArray(stored) ? stored : []).flatMap(readRule)
  const changed = new Map(found.map((rule) => [rule.rule_id, rule]))
  return [
    ...found.filter((rule) => !rule.default && !rule.rule_id.startsWith('.')),
    ...defaults.map((rule) => {
      const { enabled, actions } = changed.get(rule.rule_id) ?? rule
      return { ...rule, enabled, actions }
    }),
  ]
}

function readRule(value: JsonValue): PushRule[] {
  if (!isJsonObject(value)) return []
  const rule_id = own(value, 'rule_id')
  const actions = own(value, 'actions')
  if (typeof rule_id !== 'string' || !Array.isArray(actions)) return []
  const pattern = own(value, 'pattern')
  const conditions = own(value, 'conditions')
  return [
    {
      rule_id,
      default: own(value, 'default') === true,
      enabled: own(value, 'enabled') !== false,
      actions,
      ...(Array.isArray(conditions) && { conditions: conditions.map(asCondition) }),
      ...(typeof pattern === 'string' && { pattern }),
    },
  ]
}

/** A damaged condition stays one that never matches, so that its rule does not match more. */
const asCondition = (value: JsonValue): JsonObject => (isJsonObject(value) ? value : {})
