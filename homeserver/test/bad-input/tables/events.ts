import type { Row, Table } from '../row.ts'
import { UNKNOWN_EVENT, type World } from '../world.ts'

const text = (more: string) => ({ raw: `{"msgtype":"m.text","body":"x",${more}}` })

/** What no event can hold. */
const CONTENTS: Row[] = [
  ['a fraction', text('"n":1.5'), '400 M_BAD_JSON'],
  ['a fraction that is whole', text('"n":1.0'), '400 M_BAD_JSON'],
  ['an exponent', text('"n":1e3'), '400 M_BAD_JSON'],
  ['a number without bounds', text('"n":1e999'), '400 M_BAD_JSON'],
  ['minus nothing', text('"n":-0'), '400 M_BAD_JSON'],
  ['2^53', text('"n":9007199254740992'), '400 M_BAD_JSON'],
  ['half a surrogate pair', text('"s":"\\ud800"'), '400 M_BAD_JSON'],
  ['half a surrogate pair for a key', text('"\\udc00":1'), '400 M_BAD_JSON'],
  ['more than an event holds', { body: { body: 'x'.repeat(65_536) } }, '413 M_TOO_LARGE'],
  ['NUL and __proto__, which it keeps', text('"s":"\\u0000","__proto__":{"x":1}'), '200'],
]

const TYPES: Row[] = [
  ['a type of 256 bytes', { path: { eventType: 'é'.repeat(128) } }, '413 M_TOO_LARGE'],
]

const UNSUPPORTED: Row[] = ['delay', 'parent_delay_id'].map((name) => [
  `org.matrix.msc4140.${name}, which would change the meaning`,
  { query: { [`org.matrix.msc4140.${name}`]: '1000' } },
  '400 M_INVALID_PARAM',
])

/** https://spec.matrix.org/v1.19/client-server-api/#sending-events-to-a-room, typing and receipts */
export async function events(world: World): Promise<Table> {
  const { alice, bob, event, otherEvent, secretEvent, room } = world
  const forbidden = { unknownRoom: '403 M_FORBIDDEN', stranger: '403 M_FORBIDDEN' }
  const mine = await alice.say(room, 'to be redacted')
  const path = { roomId: room, eventType: 'm.room.message', txnId: 'good', stateKey: '' }
  const redaction = (redacts: unknown) => ({
    path: { eventType: 'm.room.redaction', txnId: `redacts ${String(redacts)}` },
    body: { redacts },
  })
  const state = (eventType: string, body: Record<string, unknown>, stateKey = '') => ({
    path: { eventType, stateKey },
    body,
  })
  const foreign: Row[] = [
    ['a redaction of an event of another room', redaction(otherEvent), '404 M_NOT_FOUND'],
    [
      'a redaction of an event of a room that they are not in',
      redaction(secretEvent),
      '404 M_NOT_FOUND',
    ],
    ['a redaction of nothing', redaction(undefined), '400 M_MISSING_PARAM'],
    ['a redaction of what is no event', redaction('nonsense'), '400 M_BAD_JSON'],
    ['a redaction of a number', redaction(7), '400 M_BAD_JSON'],
  ]
  return {
    sendMessage: {
      good: { as: alice, path, body: { msgtype: 'm.text', body: 'x' } },
      ...forbidden,
      rows: [
        ...CONTENTS.map(([title, change, answer]): Row => [
          title,
          { ...change, path: { txnId: title } },
          answer,
        ]),
        ...TYPES,
        ...UNSUPPORTED,
        ...foreign,
        [
          'a thread from an event with a relation',
          {
            path: { txnId: 'thread' },
            body: { 'm.relates_to': { rel_type: 'm.thread', event_id: UNKNOWN_EVENT } },
          },
          '200',
        ],
        [
          'a relation that is a list',
          { path: { txnId: 'list' }, body: { 'm.relates_to': [] } },
          '200',
        ],
        [
          'a relation called __proto__',
          {
            path: { txnId: 'proto' },
            raw: '{"m.relates_to":{"rel_type":"__proto__","event_id":"__proto__"}}',
          },
          '200',
        ],
      ],
    },
    setRoomStateWithKey: {
      good: { as: alice, path: { ...path, eventType: 'org.example.x' }, body: { key: 'value' } },
      ...forbidden,
      rows: [
        ...CONTENTS.filter(([title]) => !title.includes('keeps')),
        ...TYPES,
        ...UNSUPPORTED,
        ['a key of 256 bytes', { path: { stateKey: 'é'.repeat(128) } }, '413 M_TOO_LARGE'],
        ['a key that is somebody else', { path: { stateKey: bob.userId } }, '403 M_FORBIDDEN'],
        ['a member without the power', { as: bob }, '403 M_FORBIDDEN'],
        ['a second create event', state('m.room.create', {}), '400 M_BAD_JSON'],
        ['a redaction', state('m.room.redaction', { redacts: event }), '400 M_BAD_JSON'],
        [
          'power levels that are texts',
          state('m.room.power_levels', { ban: '50' }),
          '400 M_BAD_JSON',
        ],
        [
          'power levels of nobody',
          state('m.room.power_levels', { users: { nonsense: 50 } }),
          '400 M_BAD_JSON',
        ],
        [
          'the membership of what is nobody',
          state('m.room.member', { membership: 'invite' }, 'nonsense'),
          '400 M_INVALID_PARAM',
        ],
        [
          'a membership that is a number',
          state('m.room.member', { membership: 7 }, bob.userId),
          '400 M_BAD_JSON',
        ],
        [
          'a membership that is none',
          state('m.room.member', { membership: '__proto__' }, bob.userId),
          '403 M_FORBIDDEN',
        ],
        [
          'joining for somebody else',
          state('m.room.member', { membership: 'join' }, bob.userId),
          '403 M_FORBIDDEN',
        ],
        [
          'an alias that is none',
          state('m.room.canonical_alias', { alias: 'nonsense' }),
          '400 M_INVALID_PARAM',
        ],
        [
          'an alias of nothing',
          state('m.room.canonical_alias', { alias: '#nothing:hs' }),
          '400 M_BAD_ALIAS',
        ],
      ],
    },
    redactEvent: {
      good: {
        as: alice,
        path: { roomId: room, eventId: mine, txnId: 'good' },
        body: { reason: 'x' },
      },
      ...forbidden,
      otherRoom: '404 M_NOT_FOUND',
      rows: [
        ['an event of somebody else', { as: bob, path: { eventId: event } }, '403 M_FORBIDDEN'],
        [
          'relations, which would change the meaning',
          { body: { 'org.matrix.msc3912.with_relations': ['*'] } },
          '400 M_BAD_JSON',
        ],
        [
          'a reason of more than an event holds',
          { body: { reason: 'x'.repeat(70_000) } },
          '413 M_TOO_LARGE',
        ],
        [
          'a reason that is half a surrogate pair',
          { raw: '{"reason":"\\ud800"}' },
          '400 M_BAD_JSON',
        ],
      ],
    },
    setTyping: {
      good: {
        as: alice,
        path: { roomId: room, userId: alice.userId },
        body: { typing: true, timeout: 1000 },
      },
      ...forbidden,
      otherUser: '403 M_FORBIDDEN',
      rows: [
        ['a time below nothing', { body: { timeout: -1 } }, '400 M_INVALID_PARAM'],
        ['a time without bounds', { body: { timeout: 2 ** 52 } }, '200'],
      ],
    },
    postReceipt: {
      good: { as: alice, path: { roomId: room, receiptType: 'm.read', eventId: event }, body: {} },
      ...forbidden,
      otherRoom: '404 M_NOT_FOUND',
      // as the specification has it here
      except: {
        'body thread_id that is integer': '400 M_INVALID_PARAM',
        'body thread_id that is null': '400 M_INVALID_PARAM',
      },
      rows: [
        ['a thread without a name', { body: { thread_id: '' } }, '400 M_INVALID_PARAM'],
        ['a thread that is none', { body: { thread_id: 'nonsense' } }, '400 M_INVALID_PARAM'],
        ['a thread of another room', { body: { thread_id: otherEvent } }, '400 M_INVALID_PARAM'],
        [
          'a thread that nobody knows',
          { body: { thread_id: UNKNOWN_EVENT } },
          '400 M_INVALID_PARAM',
        ],
        ['a thread with NUL', { body: { thread_id: '$\0' } }, '400 M_INVALID_PARAM'],
        [
          'a thread where there are none',
          { path: { receiptType: 'm.fully_read' }, body: { thread_id: 'main' } },
          '400 M_INVALID_PARAM',
        ],
      ],
    },
    setReadMarker: {
      good: { as: alice, path: { roomId: room }, body: { 'm.fully_read': event, 'm.read': event } },
      ...forbidden,
      rows: [
        ['an event that is none', { body: { 'm.read': 'nonsense' } }, '400 M_INVALID_PARAM'],
        ['an event of another room', { body: { 'm.read': otherEvent } }, '404 M_NOT_FOUND'],
        [
          'an event of a room that they are not in',
          { body: { 'm.fully_read': secretEvent } },
          '404 M_NOT_FOUND',
        ],
        [
          'an event that nobody knows',
          { body: { 'm.read.private': UNKNOWN_EVENT } },
          '404 M_NOT_FOUND',
        ],
      ],
    },
  }
}
