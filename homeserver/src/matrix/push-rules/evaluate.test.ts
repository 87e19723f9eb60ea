import { describe, expect, it } from 'vitest'
import type { RoomEvent } from '../events/pdu.ts'
import { parseEventId, parseRoomId, parseUserId } from '../ids.ts'
import type { JsonObject, JsonValue } from '../json.ts'
import { defaultRuleset } from './default-rules.ts'
import { evaluatePushRules } from './evaluate.ts'
import type { PushContext } from './evaluate.ts'
import type { PushRule, PushRuleset } from './push-rule.ts'

const ME = parseUserId('@me:domain')
const OTHER = parseUserId('@other:domain')
const ROOM = parseRoomId('!r:domain')

const event = (content: JsonObject, change: Partial<RoomEvent> = {}): RoomEvent => ({
  eventId: parseEventId(`$${'A'.repeat(43)}`),
  roomId: ROOM,
  type: 'm.room.message',
  stateKey: undefined,
  sender: OTHER,
  content,
  originServerTs: 5,
  depth: 1,
  prevEvents: [],
  authEvents: [],
  redacts: undefined,
  rejected: false,
  ...change,
})

const context = (change: Partial<PushContext> = {}): PushContext => ({
  userId: ME,
  memberCount: 5,
  displayName: 'Me Myself',
  levels: { levelOf: () => 0, notificationLevel: () => 50 },
  ...change,
})

const EMPTY: PushRuleset = { override: [], content: [], room: [], sender: [], underride: [] }

const rule = (change: Partial<PushRule> = {}): PushRule => ({
  rule_id: 'x',
  default: false,
  enabled: true,
  actions: ['notify'],
  ...change,
})

/** Whether a rule with one condition matches. */
function holds(condition: JsonObject, on: RoomEvent, where = context()): boolean {
  const ruleset = { ...EMPTY, override: [rule({ conditions: [condition] })] }
  return evaluatePushRules(ruleset, on, where).notify
}

describe('event_match', () => {
  const topic = event(
    { topic: 'Lunch plans', n: 1, 'a.b': 'x', 'a\\b': 'y', deep: { er: 'z' } },
    { type: 'm.room.topic', stateKey: '' },
  )
  it.each<[string, string, boolean]>([
    ['content.topic', 'lunc?*', true],
    ['content.topic', 'lunch', false],
    ['content.absent', '*', false],
    ['content.n', '*', false],
    ['content.n', '1', false],
    ['content.a\\.b', 'x', true],
    ['content.a.b', 'x', false],
    ['content.a\\\\b', 'y', true],
    ['content.a\\b', 'y', true],
    ['content.deep.er', 'z', true],
    ['content.deep', '*', false],
    ['content.constructor.name', '*', false],
    ['content.__proto__', '*', false],
    ['state_key', '', true],
    ['sender', '@other:*', true],
    ['room_id', ROOM, true],
    ['event_id', '$*', true],
    ['type', 'M.Room.Topic', true],
    ['origin_server_ts', '*', false],
    ['', '*', false],
  ])('%s against %s: %s', (key, pattern, expected) => {
    expect(holds({ kind: 'event_match', key, pattern }, topic)).toBe(expected)
  })

  it('looks for words in content.body only', () => {
    const condition = (key: string) => ({ kind: 'event_match', key, pattern: 'cake' })
    const cake = event({ body: 'a cake', topic: 'a cake' })
    expect(holds(condition('content.body'), cake)).toBe(true)
    expect(holds(condition('content.topic'), cake)).toBe(false)
  })

  it('matches the state key of state events only', () => {
    const condition = { kind: 'event_match', key: 'state_key', pattern: '*' }
    expect(holds(condition, event({}))).toBe(false)
  })
})

describe('event_property_is', () => {
  const on = event({ t: true, n: 1, s: 'true', z: null, f: 1.5, o: {}, l: [1] })
  it.each<[string, JsonValue, boolean]>([
    ['content.t', true, true],
    ['content.t', 'true', false],
    ['content.t', 1, false],
    ['content.n', 1, true],
    ['content.n', '1', false],
    ['content.s', 'true', true],
    ['content.s', 'TRUE', false],
    ['content.z', null, true],
    ['content.absent', null, false],
    ['content.f', 1.5, false],
    ['content.o', {}, false],
    ['content.l', [1], false],
  ])('%s against %j: %s', (key, value, expected) => {
    expect(holds({ kind: 'event_property_is', key, value }, on)).toBe(expected)
  })
})

describe('event_property_contains', () => {
  const on = event({ list: ['a', 1, null, false, {}], text: 'a' })
  it.each<[string, JsonValue, boolean]>([
    ['content.list', 'a', true],
    ['content.list', 'A', false],
    ['content.list', 1, true],
    ['content.list', '1', false],
    ['content.list', null, true],
    ['content.list', false, true],
    ['content.list', true, false],
    ['content.list', {}, false],
    ['content.text', 'a', false],
    ['content.absent', 'a', false],
  ])('%s against %j: %s', (key, value, expected) => {
    expect(holds({ kind: 'event_property_contains', key, value }, on)).toBe(expected)
  })
})

describe('room_member_count', () => {
  it.each([
    ['2', [false, true, false]],
    ['==2', [false, true, false]],
    ['<2', [true, false, false]],
    ['<=2', [true, true, false]],
    ['>2', [false, false, true]],
    ['>=2', [false, true, true]],
    ['', [false, false, false]],
    ['!=2', [false, false, false]],
    ['2.0', [false, false, false]],
    ['-2', [false, false, false]],
  ])('%s matches 1, 2, 3 members: %j', (is, expected) => {
    const counts = [1, 2, 3].map((memberCount) =>
      holds({ kind: 'room_member_count', is }, event({}), context({ memberCount })),
    )
    expect(counts).toEqual(expected)
  })
})

describe('sender_notification_permission is not always true', () => {
  it('compares the level of the sender with the level required', () => {
    const where = (level: number) =>
      context({
        levels: {
          levelOf: (user) => (user === OTHER ? level : 100),
          notificationLevel: (key) => (key === 'room' ? 50 : 1000),
        },
      })
    const condition = { kind: 'sender_notification_permission', key: 'room' }
    expect(holds(condition, event({}), where(50))).toBe(true)
    expect(holds(condition, event({}), where(49))).toBe(false)
    expect(holds({ ...condition, key: 'other' }, event({}), where(50))).toBe(false)
  })
})

describe('contains_display_name', () => {
  const condition = { kind: 'contains_display_name' }
  it.each([
    ['hello me myself!', 'Me Myself', true],
    ['hello some myself!', 'Me Myself', false],
    ['hello', '', false],
    ['hello', undefined, false],
    ['hello', '*', false],
    [1, '1', false],
  ])('%j with the name %j: %s', (body, displayName, expected) => {
    expect(holds(condition, event({ body }), context({ displayName }))).toBe(expected)
  })
})

describe('damaged and unknown conditions', () => {
  it.each<[JsonObject]>([
    [{}],
    [{ kind: 'device' }],
    [{ kind: 1 }],
    [{ kind: 'event_match', key: 'type' }],
    [{ kind: 'event_match', pattern: '*' }],
    [{ kind: 'event_match', key: 1, pattern: '*' }],
    [{ kind: 'event_property_is', key: 'type' }],
    [{ kind: 'event_property_contains', value: 1 }],
    [{ kind: 'room_member_count' }],
    [{ kind: 'sender_notification_permission' }],
  ])('%j matches nothing', (condition) => {
    expect(holds(condition, event({ body: 'x' }))).toBe(false)
  })
})

describe('evaluatePushRules', () => {
  const all: PushRuleset = {
    override: [rule({ rule_id: 'override' })],
    content: [rule({ rule_id: 'content', pattern: 'cake' })],
    room: [rule({ rule_id: ROOM })],
    sender: [rule({ rule_id: OTHER })],
    underride: [rule({ rule_id: 'underride' })],
  }
  const cake = event({ body: 'a cake' })

  it('tries the kinds in the order of the specification', () => {
    const kinds = ['override', 'content', 'room', 'sender', 'underride'] as const
    let ruleset = all
    const matched = kinds.map((kind) => {
      const { ruleId } = evaluatePushRules(ruleset, cake, context())
      ruleset = { ...ruleset, [kind]: [] }
      return ruleId
    })
    expect(matched).toEqual(['override', 'content', ROOM, OTHER, 'underride'])
    expect(evaluatePushRules(ruleset, cake, context())).toEqual({
      notify: false,
      highlight: false,
      actions: [],
    })
  })

  it('takes the first rule of a kind that matches, and no disabled one', () => {
    const ruleset = {
      ...EMPTY,
      content: [
        rule({ rule_id: 'tea', pattern: 'tea' }),
        rule({ rule_id: 'off', pattern: 'cake', enabled: false }),
        rule({ rule_id: 'cake', pattern: 'cake' }),
        rule({ rule_id: 'late', pattern: 'cake' }),
      ],
    }
    expect(evaluatePushRules(ruleset, cake, context()).ruleId).toBe('cake')
  })

  it('does not match room and sender rules of others', () => {
    const ruleset = { ...all, override: [], content: [], underride: [] }
    const elsewhere = event(
      {},
      { roomId: parseRoomId('!x:domain'), sender: parseUserId('@third:domain') },
    )
    expect(evaluatePushRules(ruleset, elsewhere, context()).ruleId).toBeUndefined()
  })

  it('asks for all conditions of a rule', () => {
    const conditions = [
      { kind: 'room_member_count', is: '5' },
      { kind: 'event_match', key: 'content.body', pattern: 'tea' },
    ]
    const ruleset = { ...EMPTY, underride: [rule({ conditions })] }
    expect(evaluatePushRules(ruleset, cake, context()).notify).toBe(false)
    expect(evaluatePushRules(ruleset, event({ body: 'tea' }), context()).notify).toBe(true)
  })

  it('never notifies about the user’s own events', () => {
    expect(evaluatePushRules(all, cake, context({ userId: OTHER })).notify).toBe(false)
  })

  it.each<[JsonValue[], { notify: boolean; highlight: boolean; sound?: string }]>([
    [[], { notify: false, highlight: false }],
    [['dont_notify'], { notify: false, highlight: false }],
    [['coalesce'], { notify: false, highlight: false }],
    [['notify'], { notify: true, highlight: false }],
    [['notify', { set_tweak: 'highlight' }], { notify: true, highlight: true }],
    [['notify', { set_tweak: 'highlight', value: true }], { notify: true, highlight: true }],
    [['notify', { set_tweak: 'highlight', value: false }], { notify: true, highlight: false }],
    [[{ set_tweak: 'highlight' }], { notify: false, highlight: false }],
    [
      ['notify', { set_tweak: 'sound', value: 'ring' }],
      { notify: true, highlight: false, sound: 'ring' },
    ],
    [['notify', { set_tweak: 'sound' }], { notify: true, highlight: false }],
  ])('reads the actions %j', (actions, expected) => {
    const ruleset = { ...EMPTY, override: [rule({ actions })] }
    const { ruleId, actions: left, ...outcome } = evaluatePushRules(ruleset, cake, context())
    expect(outcome).toEqual(expected)
    expect(ruleId).toBe('x')
    expect(left).toEqual(actions.filter((a) => a !== 'dont_notify' && a !== 'coalesce'))
  })
})

describe('the default rules', () => {
  const mention = { 'm.mentions': { user_ids: ['@x:y', ME] } }
  const loud = context({ levels: { levelOf: () => 50, notificationLevel: () => 50 } })
  const member = (membership: string, stateKey: string) =>
    event({ membership, ...mention }, { type: 'm.room.member', stateKey })
  it.each<[string, RoomEvent, PushContext, string | undefined]>([
    ['a message', event({ body: 'x' }), context(), 'message'],
    ['a message to two', event({}), context({ memberCount: 2 }), 'room_one_to_one'],
    ['an encrypted event', event({}, { type: 'm.room.encrypted' }), context(), 'encrypted'],
    [
      'an encrypted event to two',
      event({}, { type: 'm.room.encrypted' }),
      context({ memberCount: 2 }),
      'encrypted_room_one_to_one',
    ],
    ['a call', event({}, { type: 'm.call.invite' }), context(), 'call'],
    ['a notice', event({ msgtype: 'm.notice', ...mention }), context(), 'suppress_notices'],
    ['an invitation', member('invite', ME), context(), 'invite_for_me'],
    ['an invitation of others', member('invite', '@x:y'), context(), 'member_event'],
    ['a join', member('join', OTHER), context(), 'member_event'],
    ['a mention', event(mention), context(), 'is_user_mention'],
    ['a mention of others', event({ 'm.mentions': { user_ids: ['@x:y'] } }), context(), 'message'],
    ['an @room', event({ 'm.mentions': { room: true } }), loud, 'is_room_mention'],
    ['an @room without power', event({ 'm.mentions': { room: true } }), context(), 'message'],
    ['an @room that is a text', event({ 'm.mentions': { room: 'true' } }), loud, 'message'],
    ['a tombstone', event({}, { type: 'm.room.tombstone', stateKey: '' }), context(), 'tombstone'],
    ['no tombstone', event({}, { type: 'm.room.tombstone' }), context(), undefined],
    ['a reaction', event({}, { type: 'm.reaction' }), context(), 'reaction'],
    [
      'an ACL',
      event({}, { type: 'm.room.server_acl', stateKey: '' }),
      context(),
      'room.server_acl',
    ],
    ['an edit', event({ 'm.relates_to': { rel_type: 'm.replace' } }), context(), 'suppress_edits'],
    [
      'a topic',
      event({ topic: 'x' }, { type: 'm.room.topic', stateKey: '' }),
      context(),
      undefined,
    ],
  ])('match %s', (_name, on, where, expected) => {
    const { ruleId } = evaluatePushRules(defaultRuleset(ME), on, where)
    expect(ruleId).toBe(expected === undefined ? undefined : `.m.rule.${expected}`)
  })

  it.each<[string, number, string, boolean]>([
    ['start', 2, 'poll_start_one_to_one', true],
    ['start', 3, 'poll_start', true],
    ['end', 2, 'poll_end_one_to_one', true],
    ['end', 3, 'poll_end', true],
    ['response', 2, 'poll_response', false],
  ])('of polls (MSC3930) know a poll %s among %i', (part, memberCount, expected, notify) => {
    const on = event({}, { type: `org.matrix.msc3381.poll.${part}` })
    const result = evaluatePushRules(defaultRuleset(ME), on, context({ memberCount }))
    expect(result).toMatchObject({ ruleId: `.org.matrix.msc3930.rule.${expected}`, notify })
  })

  it('notify of every encrypted event once the rule for it is enabled (MSC4028)', () => {
    const rules = defaultRuleset(ME)
    const override = rules.override.map((r) => ({
      ...r,
      enabled: r.enabled || r.rule_id === '.org.matrix.msc4028.encrypted_event',
    }))
    const edit = event({ 'm.relates_to': { rel_type: 'm.replace' } }, { type: 'm.room.encrypted' })
    expect(evaluatePushRules(rules, edit, context()).notify).toBe(false)
    expect(evaluatePushRules({ ...rules, override }, edit, context()).notify).toBe(true)
  })

  it('are those of the specification, in its order', () => {
    const { override, content, room, sender, underride } = defaultRuleset(ME)
    const names = (rules: readonly PushRule[]) =>
      rules.map((r) => r.rule_id.replace('.m.rule.', ''))
    expect(names(override)).toEqual([
      'master',
      '.org.matrix.msc4028.encrypted_event',
      'suppress_notices',
      'invite_for_me',
      'member_event',
      'is_user_mention',
      'is_room_mention',
      'tombstone',
      'reaction',
      'room.server_acl',
      'suppress_edits',
      '.org.matrix.msc3930.rule.poll_response',
    ])
    expect([content, room, sender]).toEqual([[], [], []])
    expect(names(underride)).toEqual([
      'call',
      'encrypted_room_one_to_one',
      'room_one_to_one',
      'message',
      'encrypted',
      '.org.matrix.msc3930.rule.poll_start_one_to_one',
      '.org.matrix.msc3930.rule.poll_start',
      '.org.matrix.msc3930.rule.poll_end_one_to_one',
      '.org.matrix.msc3930.rule.poll_end',
    ])
    expect(override[0]).toEqual({
      rule_id: '.m.rule.master',
      default: true,
      enabled: false,
      conditions: [],
      actions: [],
    })
    expect(override[5]).toEqual({
      rule_id: '.m.rule.is_user_mention',
      default: true,
      enabled: true,
      conditions: [
        {
          kind: 'event_property_contains',
          key: 'content.m\\.mentions.user_ids',
          value: '@me:domain',
        },
      ],
      actions: ['notify', { set_tweak: 'sound', value: 'default' }, { set_tweak: 'highlight' }],
    })
  })
})
