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
const POLL = 'org.matrix.msc3381.poll'

/** Rules that do nothing until the user enables them. */
const OFF: ReadonlySet<string> = new Set(['.m.rule.master', '.org.matrix.msc4028.encrypted_event'])

const namedRule = (rule_id: string, conditions: JsonObject[], actions: JsonValue[]): PushRule => ({
  rule_id,
  default: true,
  enabled: !OFF.has(rule_id),
  conditions,
  actions,
})

const rule = (name: string, conditions: JsonObject[], actions: JsonValue[]): PushRule =>
  namedRule(`.m.rule.${name}`, conditions, actions)

/** https://github.com/matrix-org/matrix-spec-proposals/pull/3930 */
const pollRule = (name: string, conditions: JsonObject[], actions: JsonValue[]): PushRule =>
  namedRule(`.org.matrix.msc3930.rule.${name}`, conditions, actions)

/**
 * The rules every user starts with: those of the specification, those for polls (MSC3930), and one
 * by which a client can ask for a push of every encrypted event (MSC4028).
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
    namedRule(
      '.org.matrix.msc4028.encrypted_event',
      [matches('type', 'm.room.encrypted')],
      ['notify'],
    ),
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
    pollRule('poll_response', [matches('type', `${POLL}.response`)], []),
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
    ...['start', 'end'].flatMap((part) => [
      pollRule(
        `poll_${part}_one_to_one`,
        [TWO_MEMBERS, matches('type', `${POLL}.${part}`)],
        ['notify', SOUND],
      ),
      pollRule(`poll_${part}`, [matches('type', `${POLL}.${part}`)], ['notify']),
    ]),
  ]
}

function propertyIs(key: string, value: JsonValue): JsonObject {
  return { kind: 'event_property_is', key, value }
}
