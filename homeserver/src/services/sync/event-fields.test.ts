import { expect, test } from 'vitest'
import { fieldPicker } from './event-fields.ts'

const EVENT = {
  content: {
    body: 'Hello',
    'm.relates_to': { rel_type: 'm.thread', event_id: '$root' },
    'a\\b': 1,
    list: [{ x: 1 }],
  },
  event_id: '$event',
  origin_server_ts: 1,
  sender: '@alice:test',
  type: 'm.room.message',
  unsigned: { age: 5, membership: 'join' },
}
const { content: _content, unsigned: _unsigned, ...always } = EVENT
const picked = (...paths: string[]): unknown =>
  JSON.parse(fieldPicker(paths)(JSON.stringify(EVENT)))

test.each([
  [[], {}],
  [['content.body'], { content: { body: 'Hello' } }],
  [['content'], { content: EVENT.content }],
  [['content', 'content.body'], { content: EVENT.content }],
  [['content.body', 'content'], { content: EVENT.content }],
  [['content.body', 'content.list'], { content: { body: 'Hello', list: [{ x: 1 }] } }],
  [['content.m.relates_to'], {}],
  [
    [String.raw`content.m\.relates_to.rel_type`],
    { content: { 'm.relates_to': { rel_type: 'm.thread' } } },
  ],
  [[String.raw`content.a\\b`], { content: { 'a\\b': 1 } }],
  [['content.body.deeper', 'content.list.0'], {}],
  [['unsigned.age', 'sender'], { unsigned: { age: 5 } }],
  [['', '.', '..', 'content.', '\\'], {}],
  [['__proto__', 'constructor.name', 'content.toString'], {}],
])('of the fields %j an event has %j', (paths, expected) => {
  expect(picked(...paths)).toEqual({ ...always, content: {}, ...expected })
})

test('a field named __proto__ is a field', () => {
  const json = '{"content":{"__proto__":{"a":1,"b":2}},"type":"m.x"}'
  expect(fieldPicker(['content.__proto__.a'])(json)).toBe(
    '{"content":{"__proto__":{"a":1}},"type":"m.x"}',
  )
})

test('a path without end is no burden', () => {
  expect(picked('content.'.repeat(3_000))).toEqual({ ...always, content: {} })
})
