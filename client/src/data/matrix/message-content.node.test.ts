import { expect, test } from 'vitest'
import { RoomNameType } from 'matrix-js-sdk'
import { editContent, replyContent, textContent } from './message-content.ts'
import { nameRoom } from './room-summary.ts'
import { stripReplyFallback } from './timeline-events.ts'

test('"/me" makes an emote', () => {
  expect(textContent('/me waves')).toEqual({ msgtype: 'm.emote', body: 'waves' })
  expect(textContent('/mean it')).toEqual({ msgtype: 'm.text', body: '/mean it' })
})

test('replies and edits carry their relation', () => {
  expect(replyContent('yes', '$a')).toEqual({
    msgtype: 'm.text',
    body: 'yes',
    'm.relates_to': { 'm.in_reply_to': { event_id: '$a' } },
  })
  expect(editContent('/me runs', '$a')).toEqual({
    msgtype: 'm.emote',
    body: '* runs',
    'm.new_content': { msgtype: 'm.emote', body: 'runs' },
    'm.relates_to': { rel_type: 'm.replace', event_id: '$a' },
  })
})

test('the quoted lines before a reply are dropped, quotes inside stay', () => {
  expect(stripReplyFallback('> <@a:h> hi\n> there\n\nyes\n> no')).toBe('yes\n> no')
  expect(stripReplyFallback('plain')).toBe('plain')
})

test('a room without a name is called after its people', () => {
  const generated = { type: RoomNameType.Generated as const, names: ['@bob:h', 'Ann'], count: 4 }
  expect(nameRoom('!r', generated)).toBe('bob, Ann +2')
  expect(nameRoom('!r', { type: RoomNameType.Actual, name: '@x' })).toBeNull()
})
