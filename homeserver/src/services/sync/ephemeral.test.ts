import { expect, test } from 'vitest'
import { asRoomKey, asUserKey } from '#log/keys.ts'
import type { ReceiptEntry } from '#log/types.ts'
import { parseEventId, parseUserId } from '#matrix/ids.ts'
import { receiptsJson, typingJson, visibleReceipts } from './ephemeral.ts'
import { parseObject } from './test-support/entries.ts'

const ALICE = asUserKey(1)
const BOB = asUserKey(2)
const ids = new Map([
  [ALICE, parseUserId('@alice:test')],
  [BOB, parseUserId('@bob:test')],
])

const receipt = (user: typeof ALICE, init: Partial<ReceiptEntry> = {}): ReceiptEntry => ({
  kind: 'receipt',
  pos: 1,
  room: asRoomKey(1),
  user,
  type: 'm.read',
  threadId: undefined,
  eventId: parseEventId('$a:test'),
  eventPos: 1,
  ts: 5,
  ...init,
})

test('private receipts are for their author only', () => {
  const receipts = [receipt(ALICE, { type: 'm.read.private' }), receipt(BOB)]
  expect(visibleReceipts(receipts, ALICE)).toHaveLength(2)
  expect(visibleReceipts(receipts, BOB)).toEqual([receipt(BOB)])
})

test('receipts of a room are batched into one event by event, type and user', () => {
  const texts = receiptsJson(
    [receipt(ALICE), receipt(BOB, { ts: 6 }), receipt(BOB, { type: 'm.read.private' })],
    ids,
  )
  expect(texts.map(parseObject)).toEqual([
    {
      type: 'm.receipt',
      content: {
        '$a:test': {
          'm.read': { '@alice:test': { ts: 5 }, '@bob:test': { ts: 6 } },
          'm.read.private': { '@bob:test': { ts: 5 } },
        },
      },
    },
  ])
})

test('receipts of several threads on one event stay apart', () => {
  const texts = receiptsJson([receipt(ALICE), receipt(ALICE, { threadId: 'main', ts: 7 })], ids)
  expect(texts.map((text) => parseObject(text)['content'])).toEqual([
    { '$a:test': { 'm.read': { '@alice:test': { ts: 5 } } } },
    { '$a:test': { 'm.read': { '@alice:test': { ts: 7, thread_id: 'main' } } } },
  ])
})

test('nobody typing is said, too', () => {
  expect(parseObject(typingJson([]))).toEqual({ type: 'm.typing', content: { user_ids: [] } })
})
