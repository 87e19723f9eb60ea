import { expect, test } from 'vitest'
import { asRoomKey, asUserKey } from '#log/keys.ts'
import type { StoredEvent } from '#log/types.ts'
import { parseEventId, parseUserId } from '#matrix/ids.ts'
import { NO_PUSH } from '#matrix/push-rules/evaluate.ts'
import { MAX_MARKS, OwnPair, type Judged } from './own-pair.ts'
import { unreadState } from './test-support/unread-state.ts'

const ME = asUserKey(1)
const OTHER = asUserKey(2)
const NOTIFY = { ...NO_PUSH, notify: true }

const event = (pos: number, change: Partial<StoredEvent> = {}): StoredEvent => ({
  pos,
  room: asRoomKey(1),
  eventId: parseEventId(`$${'A'.repeat(43)}`),
  type: 'm.room.message',
  stateKey: undefined,
  sender: OTHER,
  senderId: parseUserId('@other:domain'),
  depth: pos,
  ts: pos,
  flags: 0,
  point: undefined,
  notifySeq: 0,
  thread: undefined,
  redactedBy: undefined,
  json: '{}',
  contentAt: 0,
  contentEnd: 2,
  ...change,
})

const notified = (pos: number, thread?: number): Judged => ({
  event: event(pos, { thread }),
  result: NOTIFY,
})

test('what the rules let through after the read position is unread', () => {
  const pair = new OwnPair(unreadState())
  const highlight = { event: event(14), result: { ...NOTIFY, highlight: true } }
  pair.add([notified(13), highlight, { event: event(15), result: NO_PUSH }])
  pair.judgedUpTo(15)
  expect(pair.counts().main).toEqual({ notifications: 2, highlights: 1 })
  expect(pair.judgedTo).toBe(15)
})

test('who writes has read', () => {
  const pair = new OwnPair(unreadState())
  pair.add([notified(13), { event: event(14, { sender: ME }), result: NO_PUSH }, notified(15)])
  expect(pair.counts().main).toEqual({ notifications: 1, highlights: 0 })
})

test('receipts of the main timeline and of threads count for their part', () => {
  const pair = new OwnPair(unreadState({ mainPos: 14, threadReads: new Map([[5, 16]]) }))
  pair.add([notified(13), notified(15), notified(16, 5), notified(17, 5), notified(18, 6)])
  const one = { notifications: 1, highlights: 0 }
  expect(pair.counts()).toEqual({
    main: one,
    threads: new Map([
      [5, one],
      [6, one],
    ]),
  })
})

test('counting ends at the newest thousand', () => {
  const pair = new OwnPair(unreadState())
  pair.add(Array.from({ length: MAX_MARKS + 5 }, (_, n) => notified(13 + n)))
  expect(pair.counts().main.notifications).toBe(MAX_MARKS)
})
