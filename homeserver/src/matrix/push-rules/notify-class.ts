import type { RoomEvent } from '../events/pdu.ts'
import { isUserId, parseUserId } from '../ids.ts'
import type { UserId } from '../ids.ts'
import { isJsonObject, own } from '../json.ts'
import type { NotificationLevels } from './conditions.ts'
import { defaultRuleset } from './default-rules.ts'
import { compilePushRules, firstMatch } from './evaluate.ts'

/**
 * What an event does under the default rules, the same for every member but its sender and those it
 * names. Computed once an event, so that unread counts need no work per member.
 */
export interface NotifyClass {
  /** Notifies an ordinary member; in a room of two and in any other. */
  readonly notifies: boolean
  /** Users whom it notifies with a highlight because `m.mentions` names them; never the sender. */
  readonly mentions: readonly UserId[]
  /** Highlights for everybody: an `@room` by someone with the power for it. */
  readonly mentionsRoom: boolean
  /** Highlights for everybody: the room is replaced. */
  readonly tombstone: boolean
}

/** Matched before a mention is looked at: such an event mentions nobody. */
const ABOVE_MENTIONS: ReadonlySet<string | undefined> = new Set([
  '.m.rule.suppress_notices',
  '.m.rule.member_event',
])
const ABOUT_ONE_USER: ReadonlySet<string> = new Set([
  '.m.rule.invite_for_me',
  '.m.rule.is_user_mention',
])

const ruleset = defaultRuleset(parseUserId('@nobody:invalid'))
/** The default rules less those that name a user. */
const COMMON_RULES = compilePushRules({
  ...ruleset,
  override: ruleset.override.filter((rule) => !ABOUT_ONE_USER.has(rule.rule_id)),
})
/** Any: the rules for two members differ from the general ones only in their sound. */
const MEMBER_COUNT = 3

/**
 * Classifies an event. An invitation also notifies the invited user (`.m.rule.invite_for_me`), which
 * is that user's own affair and not part of the class.
 */
export function notifyClass(event: RoomEvent, levels: NotificationLevels): NotifyClass {
  const { notify, ruleId } = firstMatch(COMMON_RULES, event, { memberCount: MEMBER_COUNT, levels })
  return {
    notifies: notify,
    mentions: ABOVE_MENTIONS.has(ruleId) ? [] : mentionedUsers(event),
    mentionsRoom: ruleId === '.m.rule.is_room_mention',
    tombstone: ruleId === '.m.rule.tombstone',
  }
}

function mentionedUsers(event: RoomEvent): UserId[] {
  const mentions = own(event.content, 'm.mentions')
  const ids = isJsonObject(mentions) ? own(mentions, 'user_ids') : undefined
  if (!Array.isArray(ids)) return []
  const users = ids.filter((id) => typeof id === 'string').filter(isUserId)
  return [...new Set(users)].filter((user) => user !== event.sender)
}
