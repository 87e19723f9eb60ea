import { expect, test } from 'vitest'
import type { RoomKey } from '#log/types.ts'
import type { JsonObject } from '#matrix/json.ts'
import { summaryRow } from './summary-row.ts'

/** A summary of state given as contents by type. */
function summaryOf(state: Readonly<Record<string, JsonObject>>) {
  const events = Object.entries(state).map(([type, content]) => ({
    type,
    roomEvent: () => ({ content }),
  }))
  return summaryRow(1 as RoomKey, events)
}

test('a room without state is closed and nameless', () => {
  expect(summaryOf({})).toEqual({
    room: 1,
    name: null,
    topic: null,
    canonicalAlias: null,
    avatarUrl: null,
    joinRule: 'invite',
    worldReadable: false,
    guestCanJoin: false,
    roomType: null,
    open: false,
    listable: false,
    search: '',
  })
})

test('everything that the state says is told', () => {
  const summary = summaryOf({
    'm.room.create': { type: 'm.space' },
    'm.room.name': { name: 'The Room' },
    'm.room.topic': { topic: 'Old', 'm.topic': { 'm.text': [{ body: 'New' }] } },
    'm.room.canonical_alias': { alias: '#a:x.example', alt_aliases: ['#B:x.example'] },
    'm.room.avatar': { url: 'mxc://x.example/a' },
    'm.room.join_rules': { join_rule: 'knock' },
    'm.room.history_visibility': { history_visibility: 'world_readable' },
    'm.room.guest_access': { guest_access: 'can_join' },
  })
  expect(summary).toEqual({
    room: 1,
    name: 'The Room',
    topic: 'New',
    canonicalAlias: '#a:x.example',
    avatarUrl: 'mxc://x.example/a',
    joinRule: 'knock',
    worldReadable: true,
    guestCanJoin: true,
    roomType: 'm.space',
    open: true,
    listable: true,
    search: 'the room\nnew\n#a:x.example\n#b:x.example',
  })
})

test('what has not the type it should have is left out', () => {
  const summary = summaryOf({
    'm.room.create': { type: 5 },
    'm.room.name': { name: ['x'] },
    'm.room.topic': {
      topic: 'x',
      'm.topic': { 'm.text': [{ body: '<b>', mimetype: 'text/html' }] },
    },
    'm.room.canonical_alias': { alias: 'no alias', alt_aliases: 'none' },
    'm.room.avatar': { url: '' },
    'm.room.join_rules': { join_rule: null },
    'm.room.history_visibility': { history_visibility: true },
  })
  expect(summary).toEqual(summaryOf({}))
})

test('a text with NUL or half a character can be stored', () => {
  expect(summaryOf({ 'm.room.name': { name: 'a\0\ud800' } }).name).toBe('a\ufffd\ufffd')
})

test.each([
  ['public', true, true],
  ['knock', false, true],
  ['restricted', false, true],
  ['knock_restricted', false, true],
  ['invite', false, false],
  ['private', false, false],
  ['org.example.rule', false, false],
])('a room of join rule %s: open %s, may be listed %s', (rule, open, listable) => {
  expect(summaryOf({ 'm.room.join_rules': { join_rule: rule } })).toMatchObject({ open, listable })
})
