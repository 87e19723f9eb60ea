import { describe, expect, test } from 'vitest'
import { message } from '#test/fakes/summaries.ts'
import { type Row, buildRows } from './rows.ts'

const MINUTE = 60_000
const NOON = new Date(2026, 10, 20, 12).getTime()
const none = new Map()
const shape = (rows: readonly Row[]): string[] =>
  rows.map((row) => (row.kind === 'event' ? `${row.grouped ? '+' : ''}${row.key}` : row.kind))

describe('rows of a timeline', () => {
  test('messages of one sender within seven minutes form a group', () => {
    const events = [
      message('a', { timestamp: NOON }),
      message('b', { timestamp: NOON + 6 * MINUTE }),
      message('c', { timestamp: NOON + 14 * MINUTE }),
      message('d', { timestamp: NOON + 15 * MINUTE, sender: 'bob' }),
    ]
    const rows = buildRows({ events, receipts: none, newAfter: undefined })
    expect(shape(rows)).toEqual(['day', 'a', '+b', 'c', 'd'])
  })

  test('emotes and answers stand alone', () => {
    const replyTo = { eventId: 'a', sender: undefined, text: undefined }
    const events = [
      message('a', { timestamp: NOON }),
      message('b', { timestamp: NOON + 1, style: 'emote' }),
      message('c', { timestamp: NOON + 2 }),
      message('d', { timestamp: NOON + 3, replyTo }),
    ]
    const rows = buildRows({ events, receipts: none, newAfter: undefined })
    expect(shape(rows)).toEqual(['day', 'a', 'b', 'c', 'd'])
  })

  test('each day has its separator and starts a new group', () => {
    const events = [
      message('a', { timestamp: new Date(2026, 10, 20, 23, 59).getTime() }),
      message('b', { timestamp: new Date(2026, 10, 21, 0, 1).getTime() }),
    ]
    const rows = buildRows({ events, receipts: none, newAfter: undefined })
    expect(shape(rows)).toEqual(['day', 'a', 'day', 'b'])
  })

  test('the "New" line stands before the first message of somebody else after what was read', () => {
    const events = [
      message('a', { timestamp: NOON }),
      message('mine', { timestamp: NOON, sender: 'me' }),
      message('b', { timestamp: NOON + 1 }),
      message('c', { timestamp: NOON + 2 }),
    ]
    const rows = buildRows({ events, receipts: none, newAfter: 'a' })
    expect(shape(rows)).toEqual(['day', 'a', 'mine', 'new', 'b', '+c'])
  })

  test('without news there is no "New" line', () => {
    const events = [
      message('a', { timestamp: NOON }),
      message('m', { timestamp: NOON, sender: 'me' }),
    ]
    expect(shape(buildRows({ events, receipts: none, newAfter: 'a' }))).not.toContain('new')
  })

  test('readers stand at the event they have read', () => {
    const bob = { id: '@bob:h', name: 'bob' }
    const events = [message('a', { timestamp: NOON })]
    const rows = buildRows({ events, receipts: new Map([['a', [bob]]]), newAfter: undefined })
    expect(rows[1]).toMatchObject({ key: 'a', readers: [bob] })
  })
})
