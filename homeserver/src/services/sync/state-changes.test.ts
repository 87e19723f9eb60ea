import { expect, test } from 'vitest'
import { changesOutside, isLinear, isMemberChange, lastPerKey } from './state-changes.ts'
import { entry, storedEvent } from './test-support/entries.ts'

const name = (pos: number, idx = pos) => entry(pos, { type: 'm.room.name', stateKey: '', idx })
const topic = (pos: number, idx = pos) => entry(pos, { type: 'm.room.topic', stateKey: '', idx })
const positions = (events: Iterable<{ pos: number }>) => Array.from(events, ({ pos }) => pos)

test('of each key the last event counts; messages are no state', () => {
  const events = [name(1), topic(2), entry(3), name(4)].map(({ event }) => event)
  expect(positions(lastPerKey(events).values())).toEqual([2, 4])
})

test('state is linear while every state event moves it by one', () => {
  expect(isLinear([])).toBe(true)
  expect(isLinear([entry(1, { idx: 7 }), name(2, 8), entry(3, { idx: 8 }), topic(4, 9)])).toBe(true)
  expect(isLinear([entry(1, { idx: 7 }), name(2, 9)])).toBe(false)
  expect(isLinear([name(1, 8), entry(2, { idx: 7 })])).toBe(false)
})

test('another line means that state forked', () => {
  const other = entry(2)
  const forked = { ...other, event: { ...other.event, point: { line: 2, idx: 1 } } }
  expect(isLinear([entry(1), forked])).toBe(false)
})

test('state before the timeline is told, the timeline itself is not', () => {
  const read = [name(1), topic(2), entry(3), name(4)]
  expect(positions(changesOutside(read, read.slice(2)))).toEqual([1, 2])
})

test('state that the filter dropped from the timeline is told as well', () => {
  const read = [entry(1), topic(2), name(3), entry(4)]
  const timeline = read.filter(({ event }) => event.type === 'm.room.message')
  expect(positions(changesOutside(read, timeline))).toEqual([2, 3])
})

test('dropped state is not told when the timeline has a later event of its key', () => {
  const bots = name(2)
  const read = [entry(1), bots, name(3)]
  expect(changesOutside(read, [read[0] ?? bots, read[2] ?? bots])).toEqual([])
})

test('only state events of members change the summary', () => {
  expect(isMemberChange([storedEvent(1, { type: 'm.room.member' })])).toBe(false)
  expect(isMemberChange([storedEvent(1, { type: 'm.room.member', stateKey: '@a:test' })])).toBe(
    true,
  )
})
