import type { UserId } from '#matrix/ids.ts'
import { ignoredUsersIn } from '#matrix/ignored-users.ts'
import { isJsonObject, own, type JsonObject, type JsonValue } from '#matrix/json.ts'
import { compilePushRules, type CompiledRules } from '#matrix/push-rules/evaluate.ts'
import { RULE_KINDS, type PushRuleset } from '#matrix/push-rules/push-rule.ts'
import { differsFromDefault, storedRuleset } from '#matrix/push-rules/stored-rules.ts'

const ROOM_MENTIONS: ReadonlySet<string> = new Set(['.m.rule.is_room_mention', '.m.rule.roomnotif'])

/** A user's rules, ready for many events, and whom the user ignores. */
export class UserRules {
  readonly ruleset: PushRuleset
  readonly ignored: ReadonlySet<string>
  /** Events may concern this user otherwise than the default rules say. */
  readonly isOwn: boolean
  #compiled: CompiledRules | undefined
  #kinds: ReadonlySet<JsonValue | undefined> | undefined

  /**
   * @param rules the content of `m.push_rules`, when there is any
   * @param ignoreList the content of `m.ignored_user_list`
   * @param options `legacyMentions`: texts may mention the user, which no event's class tells
   */
  constructor(
    userId: UserId,
    rules: JsonValue | undefined,
    ignoreList: JsonValue | undefined,
    options: { readonly legacyMentions: boolean },
  ) {
    this.ruleset = storedRuleset(rules, userId, options)
    this.ignored = new Set(ignoredUsersIn(ignoreList))
    this.isOwn =
      options.legacyMentions ||
      this.ignored.size > 0 ||
      (rules !== undefined && differsFromDefault(this.ruleset, userId))
  }

  /** Compiled on first use: most users' rules are never looked at one by one. */
  get compiled(): CompiledRules {
    return (this.#compiled ??= compilePushRules(this.ruleset))
  }

  /** Whether the power levels decide about an event with this content. */
  needsLevels(content: JsonObject): boolean {
    if (mayMentionRoom(content)) return true
    return this.#conditionKinds.has('sender_notification_permission')
  }

  get needsDisplayName(): boolean {
    return this.#conditionKinds.has('contains_display_name')
  }

  /** Of all enabled rules but those that look at the room mention first. */
  get #conditionKinds(): ReadonlySet<JsonValue | undefined> {
    return (this.#kinds ??= new Set(
      RULE_KINDS.flatMap((kind) => this.ruleset[kind])
        .filter((rule) => rule.enabled && !ROOM_MENTIONS.has(rule.rule_id))
        .flatMap((rule) => rule.conditions ?? [])
        .map((condition) => own(condition, 'kind')),
    ))
  }
}

function mayMentionRoom(content: JsonObject): boolean {
  const mentions = own(content, 'm.mentions')
  if (mentions !== undefined) return isJsonObject(mentions) && own(mentions, 'room') === true
  const body = own(content, 'body')
  return typeof body === 'string' && /@room/i.test(body)
}
