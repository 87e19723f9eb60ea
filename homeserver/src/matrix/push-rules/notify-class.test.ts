import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { RoomEvent } from '../events/pdu.ts'
import { parseEventId, parseRoomId, parseUserId } from '../ids.ts'
import type { UserId } from '../ids.ts'
import type { JsonObject } from '../json.ts'
import { defaultRuleset } from './default-rules.ts'
import { evaluatePushRules } from './evaluate.ts'
import { notifyClass } from './notify-class.ts'

const ALICE = parseUserId('@alice:domain')
const BOB = parseUserId('@bob:domain')
const CAROL = parseUserId('@carol:domain')

const event = (type: string, content: JsonObject, stateKey?: string): RoomEvent => ({
  eventId: parseEventId(`$${'A'.repeat(43)}`),
  roomId: parseRoomId('!r:domain'),
  type,
  stateKey,
  sender: ALICE,
  content,
  originServerTs: 5,
  depth: 1,
  prevEvents: [],
  authEvents: [],
  redacts: undefined,
  rejected: false,
})

const levels = (ofSender: number) => ({
  levelOf: (userId: string) => (userId === ALICE ? ofSender : 0),
  notificationLevel: () => 50,
})

const anyMentions = fc.oneof(
  fc.constantFrom<JsonObject[]>({}, { room: true }, { room: 'true' }, { user_ids: 'x' }),
  fc.record({
    user_ids: fc.array(
      fc.constantFrom<(string | number)[]>(ALICE, BOB, CAROL, '@nobody:invalid', 'x', 1),
    ),
    room: fc.boolean(),
  }),
)

const anyContent: fc.Arbitrary<JsonObject> = fc
  .record(
    {
      msgtype: fc.constantFrom('m.text', 'm.notice', 'M.Notice'),
      'm.mentions': anyMentions,
      'm.relates_to': fc.constantFrom({ rel_type: 'm.replace' }, { rel_type: 'm.thread' }),
      membership: fc.constantFrom('join', 'invite'),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  .map((content): JsonObject => content)

const anyEvent = fc
  .tuple(
    fc.constantFrom(
      'm.room.message',
      'm.room.encrypted',
      'm.call.invite',
      'm.reaction',
      'm.room.member',
      'm.room.tombstone',
      'm.room.server_acl',
      'm.room.topic',
      'M.ROOM.MESSAGE',
      'org.matrix.msc3381.poll.start',
      'org.matrix.msc3381.poll.response',
      'org.matrix.msc3381.poll.end',
    ),
    anyContent,
    fc.constantFrom(undefined, '', '@carol:domain'),
  )
  .map(([type, content, stateKey]) => event(type, content, stateKey))

describe('notifyClass', () => {
  it('says of every event and member what evaluating the default rules says', () => {
    const user = fc.constantFrom<UserId[]>(ALICE, BOB, CAROL)
    fc.assert(
      fc.property(anyEvent, user, fc.constantFrom(0, 50), fc.constantFrom(2, 3, 9), (...given) => {
        const [on, userId, level, memberCount] = given
        // An invitation is the invited user's own affair.
        fc.pre(!(on.type === 'm.room.member' && on.stateKey === userId))
        const context = { userId, memberCount, levels: levels(level) }
        const expected = evaluatePushRules(defaultRuleset(userId), on, context)
        const actual = notifyClass(on, levels(level))
        const mentioned = actual.mentions.includes(userId)
        const own = on.sender === userId
        expect(!own && (actual.notifies || mentioned)).toBe(expected.notify)
        expect(!own && (mentioned || actual.mentionsRoom || actual.tombstone)).toBe(
          expected.highlight,
        )
      }),
      { numRuns: 2000 },
    )
  })

  it('names each mentioned user once, but neither the sender nor what is no user', () => {
    const ids = [BOB, BOB, ALICE, 'x', 1, null, CAROL]
    expect(notifyClass(event('x', { 'm.mentions': { user_ids: ids } }), levels(0))).toEqual({
      notifies: false,
      mentions: [BOB, CAROL],
      mentionsRoom: false,
      tombstone: false,
    })
  })

  it('tells an @room with power from one without', () => {
    const atRoom = event('m.room.message', { 'm.mentions': { room: true } })
    expect(notifyClass(atRoom, levels(50))).toMatchObject({ mentionsRoom: true, notifies: true })
    expect(notifyClass(atRoom, levels(49))).toMatchObject({ mentionsRoom: false, notifies: true })
  })

  it('knows a tombstone', () => {
    expect(notifyClass(event('m.room.tombstone', {}, ''), levels(0)).tombstone).toBe(true)
    expect(notifyClass(event('m.room.tombstone', {}), levels(0)).tombstone).toBe(false)
  })
})
