import type { UserId } from '../ids.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import type { PushRule, PushRuleset } from './push-rule.ts'

const SOUND = { set_tweak: 'sound', value: 'default' }
const RING = { set_tweak: 'sound', value: 'ring' }
const HIGHLIGHT = { set_tweak: 'highlight' }

const matches = (key: string, pattern: string): JsonObject => ({
  kind: 'event_match',
  key,
  pattern,
})
const TWO_MEMBERS = { kind: 'room_member_count', is: '2' }

const rule = (name: string, conditions: JsonObject[], actions: JsonValue[]): PushRule => ({
  rule_id: `.m.rule.${name}`,
  default: true,
  enabled: name !== 'master',
  conditions,
  actions,
})

/**
 * The rules every user starts with.
 * https://spec.matrix.org/v1.19/client-server-api/#predefined-rules
 */
export function defaultRuleset(userId: UserId): PushRuleset {
  return {
    override: overrideRules(userId),
    content: [],
    room: [],
    sender: [],
    underride: underrideRules(),
  }
}

function overrideRules(userId: UserId): PushRule[] {
  return [
    rule('master', [], []),
    rule('suppress_notices', [matches('content.msgtype', 'm.notice')], []),
    rule(
      'invite_for_me',
      [
        matches('type', 'm.room.member'),
        matches('content.membership', 'invite'),
        matches('state_key', userId),
      ],
      ['notify', SOUND],
    ),
    rule('member_event', [matches('type', 'm.room.member')], []),
    ...mentionRules(userId),
    rule(
      'tombstone',
      [matches('type', 'm.room.tombstone'), matches('state_key', '')],
      ['notify', HIGHLIGHT],
    ),
    rule('reaction', [matches('type', 'm.reaction')], []),
    rule('room.server_acl', [matches('type', 'm.room.server_acl'), matches('state_key', '')], []),
    rule('suppress_edits', [propertyIs('content.m\\.relates_to.rel_type', 'm.replace')], []),
  ]
}

function mentionRules(userId: UserId): PushRule[] {
  return [
    rule(
      'is_user_mention',
      [
        {
          kind: 'event_property_contains',
          key: 'content.m\\.mentions.user_ids',
          value: userId,
        },
      ],
      ['notify', SOUND, HIGHLIGHT],
    ),
    rule(
      'is_room_mention',
      [
        propertyIs('content.m\\.mentions.room', true),
        { kind: 'sender_notification_permission', key: 'room' },
      ],
      ['notify', HIGHLIGHT],
    ),
  ]
}

function underrideRules(): PushRule[] {
  return [
    rule('call', [matches('type', 'm.call.invite')], ['notify', RING]),
    rule(
      'encrypted_room_one_to_one',
      [TWO_MEMBERS, matches('type', 'm.room.encrypted')],
      ['notify', SOUND],
    ),
    rule('room_one_to_one', [TWO_MEMBERS, matches('type', 'm.room.message')], ['notify', SOUND]),
    rule('message', [matches('type', 'm.room.message')], ['notify']),
    rule('encrypted', [matches('type', 'm.room.encrypted')], ['notify']),
  ]
}

function propertyIs(key: string, value: JsonValue): JsonObject {
  return { kind: 'event_property_is', key, value }
}
