import type { RoomEvent } from '../events/pdu.ts'
import type { UserId } from '../ids.ts'
import { isJsonObject, own } from '../json.ts'
import type { JsonValue } from '../json.ts'
import { compileCondition, eventMatch } from './conditions.ts'
import type { Condition, RoomContext } from './conditions.ts'
import { isLegacyMention, saysMentions } from './legacy-mentions.ts'
import { RULE_KINDS } from './push-rule.ts'
import type { PushRule, PushRuleset, RuleKind } from './push-rule.ts'

export type { RoomContext } from './conditions.ts'

/** Whom an event is judged for, and in what room. */
export interface PushContext extends RoomContext {
  readonly userId: UserId
}

/** What an event does to one user. */
export interface PushResult {
  readonly notify: boolean
  readonly highlight: boolean
  /** The `sound` tweak, such as `default`. */
  readonly sound?: string
  /** The matching rule's actions, without the historical ones. Empty: nothing happens. */
  readonly actions: readonly JsonValue[]
  /** The rule that matched. */
  readonly ruleId?: string
}

/** No rule matches. */
export const NO_PUSH: PushResult = { notify: false, highlight: false, actions: [] }

/** A set of rules made ready for many events. */
export type CompiledRules = readonly { readonly matches: Condition; readonly result: PushResult }[]

/**
 * Compiles a ruleset: disabled rules are gone, the rest stands in the order in which it is tried.
 * Rules that differ between users only by their user ID make different sets.
 */
export function compilePushRules(ruleset: PushRuleset): CompiledRules {
  return RULE_KINDS.flatMap((kind) =>
    ruleset[kind]
      .filter((rule) => rule.enabled)
      .map((rule) => ({ matches: compileAny(kind, rule), result: resultOf(rule) })),
  )
}

/** The first rule that matches decides. Does not know whose event it is: see {@link runPushRules}. */
export function firstMatch(rules: CompiledRules, event: RoomEvent, room: RoomContext): PushResult {
  return rules.find((rule) => rule.matches(event, room))?.result ?? NO_PUSH
}

/** What the event does to the user of the context; one's own events do nothing. */
function runPushRules(rules: CompiledRules, event: RoomEvent, context: PushContext): PushResult {
  return event.sender === context.userId ? NO_PUSH : firstMatch(rules, event, context)
}

/**
 * Evaluates a ruleset for one event and user. For many events compile the rules once instead.
 * https://spec.matrix.org/v1.19/client-server-api/#push-rules
 */
export function evaluatePushRules(
  ruleset: PushRuleset,
  event: RoomEvent,
  context: PushContext,
): PushResult {
  return runPushRules(compilePushRules(ruleset), event, context)
}

function compileAny(kind: RuleKind, rule: PushRule): Condition {
  const matches = compileRule(kind, rule)
  // no condition of the specification can say this of a rule
  return isLegacyMention(rule)
    ? (event, room) => !saysMentions(event.content) && matches(event, room)
    : matches
}

function compileRule(kind: RuleKind, rule: PushRule): Condition {
  switch (kind) {
    case 'content':
      return eventMatch('content.body', rule.pattern)
    case 'room':
      return (event) => event.roomId === rule.rule_id
    case 'sender':
      return (event) => event.sender === rule.rule_id
    default: {
      const conditions = (rule.conditions ?? []).map(compileCondition)
      return (event, room) => conditions.every((holds) => holds(event, room))
    }
  }
}

function resultOf(rule: PushRule): PushResult {
  const actions = rule.actions.filter((action) => !isHistoricalAction(action))
  const notify = actions.includes('notify')
  const sound = tweak(actions, 'sound')
  const highlight = tweak(actions, 'highlight', true)
  return {
    notify,
    highlight: notify && highlight === true,
    ...(notify && typeof sound === 'string' && { sound }),
    actions,
    ruleId: rule.rule_id,
  }
}

/**
 * Actions that once meant something and now count as absent. Rules keep them: a client that still
 * sets them finds what it has set.
 * https://spec.matrix.org/v1.19/client-server-api/#historical-actions
 */
const isHistoricalAction = (action: JsonValue): boolean =>
  action === 'dont_notify' || action === 'coalesce'

/** The value of a tweak; `byDefault` when it is set without one. */
function tweak(
  actions: readonly JsonValue[],
  name: string,
  byDefault?: JsonValue,
): JsonValue | undefined {
  const found = actions.find((action) => isJsonObject(action) && own(action, 'set_tweak') === name)
  if (!isJsonObject(found)) return undefined
  return own(found, 'value') ?? byDefault
}
