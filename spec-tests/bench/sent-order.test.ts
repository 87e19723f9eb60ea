import { expect, test } from 'vitest'
import type { Sent } from './fill.ts'
import { compareWithSent } from './sent-order.ts'
import { NumberedMessages } from './soak-reader.ts'

const sent = (eventId: string, asked: number, acknowledged: number): Sent => ({
  eventId,
  asked,
  acknowledged,
})
/** b and c were under way together. */
const all = [sent('$a', 0, 1), sent('$b', 2, 6), sent('$c', 3, 5), sent('$d', 7, 8)]

test('events under way together may stand in any order, others of the room between them', () => {
  const good = { lost: 0, duplicates: 0, misplaced: 0 }
  expect(compareWithSent(all, ['$create', '$a', '$b', '$c', '$d'])).toEqual(good)
  expect(compareWithSent(all, ['$a', '$c', '$member', '$b', '$d'])).toEqual(good)
})

test('what is missing, twice there or in front of an earlier one is counted', () => {
  expect(compareWithSent(all, ['$a', '$b', '$d'])).toMatchObject({ lost: 1 })
  expect(compareWithSent(all, ['$a', '$b', '$c', '$d', '$a'])).toMatchObject({ duplicates: 1 })
  expect(compareWithSent(all, ['$a', '$b', '$d', '$c'])).toMatchObject({ misplaced: 1 })
  expect(compareWithSent(all, ['$d', '$a', '$b', '$c'])).toMatchObject({ misplaced: 3 })
})

test('an id that was acknowledged for two messages is the loss of one', () => {
  expect(compareWithSent([...all, sent('$d', 9, 10)], ['$a', '$b', '$c', '$d'])).toMatchObject({
    lost: 1,
  })
})

test('numbered messages: gaps and what is outstanding are missing, a repetition is a duplicate', () => {
  const messages = new NumberedMessages()
  for (const text of ['soak 0 1', 'soak 1 1', 'soak 0 2', 'other', 'soak 0 4']) {
    messages.add('!r', text)
  }
  const expected = [
    { room: '!r', sender: 0, last: 5 },
    { room: '!r', sender: 1, last: 1 },
  ]
  expect(messages).toMatchObject({ skipped: 1, duplicates: 0 })
  expect(messages.missing(expected)).toBe(2)
  messages.add('!r', 'soak 0 4')
  messages.add('!r', 'soak 0 5')
  expect(messages.duplicates).toBe(1)
  expect(messages.missing(expected)).toBe(1)
})
