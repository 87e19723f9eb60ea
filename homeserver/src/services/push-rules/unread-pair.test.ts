import { expect, test } from 'vitest'
import { UnreadPair } from './unread-pair.ts'
import { unreadState } from './test-support/unread-state.ts'

const main = (pair: UnreadPair, headSeq = 0) => pair.counts(headSeq, []).main

test('what came after the read position is unread', () => {
  expect(main(new UnreadPair(unreadState()))).toEqual({ notifications: 8, highlights: 0 })
})

test('later events count, without reading anything again', () => {
  expect(main(new UnreadPair(unreadState()), 13)).toEqual({ notifications: 11, highlights: 0 })
})

test('who writes has read, highlights included', () => {
  const pair = new UnreadPair(unreadState({ highlights: [{ pos: 15, root: undefined }] }))
  expect(main(pair)).toEqual({ notifications: 8, highlights: 1 })
  pair.sent(21, 10)
  expect(main(pair)).toEqual({ notifications: 0, highlights: 0 })
  pair.sent(13, 3)
  expect(main(pair)).toEqual({ notifications: 0, highlights: 0 })
})

test('a highlight counts once, however often it is told', () => {
  const pair = new UnreadPair(unreadState())
  pair.highlighted({ pos: 21, root: undefined })
  pair.highlighted({ pos: 21, root: undefined })
  expect(main(pair, 11)).toEqual({ notifications: 9, highlights: 1 })
})

test('a highlight is a notification even where the running count leaves the event out', () => {
  const pair = new UnreadPair(unreadState({ readPos: 20, readSeq: 10 }))
  pair.highlighted({ pos: 21, root: undefined })
  expect(main(pair, 10)).toEqual({ notifications: 1, highlights: 1 })
})

test('events in threads count for their thread', () => {
  const threadEvents = [
    { pos: 14, root: 5 },
    { pos: 16, root: 5 },
    { pos: 17, root: 6 },
  ]
  const counts = new UnreadPair(unreadState({ threadEvents })).counts(0, [{ pos: 18, root: 6 }])
  expect(counts.main).toEqual({ notifications: 4, highlights: 0 })
  expect([...counts.threads]).toEqual([
    [5, { notifications: 2, highlights: 0 }],
    [6, { notifications: 2, highlights: 0 }],
  ])
})

test('a receipt of the main timeline leaves threads unread, and one of a thread the rest', () => {
  const threadEvents = [
    { pos: 14, root: 5 },
    { pos: 19, root: 5 },
  ]
  const highlights = [{ pos: 14, root: 5 }]
  const mainRead = new UnreadPair(
    unreadState({ threadEvents, highlights, mainPos: 18, mainSeq: 8 }),
  )
  expect(mainRead.counts(0, [])).toEqual({
    main: { notifications: 1, highlights: 0 },
    threads: new Map([[5, { notifications: 2, highlights: 1 }]]),
  })
  const threadReads = new Map([[5, 14]])
  const threadRead = new UnreadPair(unreadState({ threadEvents, highlights, threadReads }))
  expect(threadRead.counts(0, [])).toEqual({
    main: { notifications: 6, highlights: 0 },
    threads: new Map([[5, { notifications: 1, highlights: 0 }]]),
  })
})
