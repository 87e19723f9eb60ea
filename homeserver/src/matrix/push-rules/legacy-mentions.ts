import { localpartOf, type UserId } from '../ids.ts'
import { own } from '../json.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import type { PushRule, PushRuleset } from './push-rule.ts'

const ROOM = '.m.rule.roomnotif'
const DISPLAY_NAME = '.m.rule.contains_display_name'
const USER_NAME = '.m.rule.contains_user_name'
const LEGACY: ReadonlySet<string> = new Set([ROOM, DISPLAY_NAME, USER_NAME])

const HIGHLIGHT = { set_tweak: 'highlight' }
const SOUND = { set_tweak: 'sound', value: 'default' }

/**
 * Adds the rules by which messages mentioned people until Matrix v1.16: by what is in their text.
 * https://spec.matrix.org/v1.16/client-server-api/#predefined-rules
 */
export function withLegacyMentions(ruleset: PushRuleset, userId: UserId): PushRuleset {
  const at = ruleset.override.findIndex(({ rule_id }) => rule_id === '.m.rule.tombstone')
  return {
    ...ruleset,
    override: ruleset.override.toSpliced(at, 0, displayNameRule(), roomRule()),
    content: [...ruleset.content, userNameRule(userId)],
  }
}

/** Whether a rule is one of those, which hold only for events that do not say whom they mention. */
export const isLegacyMention = ({ rule_id }: Pick<PushRule, 'rule_id'>): boolean =>
  LEGACY.has(rule_id)

/** Whether an event says whom it mentions, be it nobody. */
export const saysMentions = (content: JsonObject): boolean =>
  own(content, 'm.mentions') !== undefined

const legacyRule = (rule_id: string, actions: JsonValue[], what: Partial<PushRule>): PushRule => ({
  rule_id,
  default: true,
  enabled: true,
  ...what,
  actions,
})

const displayNameRule = (): PushRule =>
  legacyRule(DISPLAY_NAME, ['notify', SOUND, HIGHLIGHT], {
    conditions: [{ kind: 'contains_display_name' }],
  })

const roomRule = (): PushRule =>
  legacyRule(ROOM, ['notify', HIGHLIGHT], {
    conditions: [
      { kind: 'event_match', key: 'content.body', pattern: '@room' },
      { kind: 'sender_notification_permission', key: 'room' },
    ],
  })

const userNameRule = (userId: UserId): PushRule =>
  legacyRule(USER_NAME, ['notify', SOUND, HIGHLIGHT], {
    pattern: localpartOf(userId),
  })
