import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { LogReads } from '#log/reads.ts'
import { asRoomKey } from '#log/keys.ts'
import { EventFlag, type EventEntry } from '#log/types.ts'
import { filterSchema } from '#services/filters/index.ts'
import { syncFilter } from './filter.ts'
import { cutWindow, readWindow } from './timeline-window.ts'
import { entry } from './test-support/entries.ts'

const everything = syncFilter(filterSchema.parse({})).timeline
const namesOnly = syncFilter(
  filterSchema.parse({ room: { timeline: { types: ['m.room.name'] } } }),
).timeline

const upTo = (count: number, init = (_pos: number) => ({})) =>
  Array.from({ length: count }, (_, index) => entry(index + 1, init(index + 1)))
const positions = (events: readonly EventEntry[]) => events.map(({ pos }) => pos)

/** A room in memory, read as the log reads it. */
function reads(events: readonly EventEntry[]): Pick<LogReads, 'roomTail'> {
  return {
    async roomTail(_room, range) {
      const found = events.filter(({ pos }) => pos > range.after && pos <= range.upTo)
      return { events: found.slice(-range.limit), limited: found.length > range.limit }
    },
  }
}

test('a window that holds all of the range is not limited', () => {
  const window = cutWindow(upTo(3), true, everything, 10)
  expect(positions(window.events)).toEqual([1, 2, 3])
  expect(window.limited).toBe(false)
})

test('a full window shows the newest events and says where paging goes on', () => {
  const window = cutWindow(upTo(12), true, everything, 4)
  expect(positions(window.events)).toEqual([9, 10, 11, 12])
  expect(window.limited).toBe(true)
  expect(window.prevBatch).toEqual({ depth: 9, pos: 9 })
})

test('an empty window lies after everything that was read', () => {
  const window = cutWindow(upTo(3), true, everything, 0)
  expect(window.events).toEqual([])
  expect(window.limited).toBe(true)
  expect(window.prevBatch).toEqual({ depth: 3, pos: 4 })
})

test('paging goes on below the deepest event that was left out', () => {
  const concurrent = [entry(1, { depth: 5 }), entry(2, { depth: 8 }), entry(3, { depth: 6 })]
  expect(cutWindow(concurrent, true, everything, 1).prevBatch).toEqual({ depth: 8, pos: 3 })
})

test('rejected and soft-failed events are not shown', () => {
  const read = [entry(1), entry(2, { flags: EventFlag.rejected }), entry(3)]
  const window = cutWindow(read, true, everything, 10)
  expect(positions(window.events)).toEqual([1, 3])
  expect(window.limited).toBe(false)
})

test('a selective filter is served from further back', async () => {
  const events = upTo(400, (pos) => (pos % 100 === 0 ? { type: 'm.room.name' } : {}))
  const range = { after: 0, upTo: 400 }
  const window = await readWindow(reads(events), asRoomKey(1), range, namesOnly, 3)
  expect(positions(window.events)).toEqual([200, 300, 400])
  expect(window.limited).toBe(true)
})

test('reading gives up in time where nothing matches, and admits the gap', async () => {
  const range = { after: 0, upTo: 10_000 }
  const window = await readWindow(reads(upTo(10_000)), asRoomKey(1), range, namesOnly, 10)
  expect(window.events).toEqual([])
  expect(window.limited).toBe(true)
})

test('windows of consecutive ranges show every event once, or say that some are missing', async () => {
  const cut = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 6 })
  await fc.assert(
    fc.asyncProperty(cut, fc.integer({ min: 1, max: 20 }), async (cuts, limit) => {
      const events = upTo(60)
      const ends = [...new Set([...cuts, 60])].sort((a, b) => a - b)
      let after = 0
      for (const end of ends) {
        const range = { after, upTo: end }
        const window = await readWindow(reads(events), asRoomKey(1), range, everything, limit)
        const wanted = positions(events).filter((pos) => pos > after && pos <= end)
        expect(positions(window.events)).toEqual(wanted.slice(-limit))
        expect(window.limited).toBe(wanted.length > limit)
        after = end
      }
    }),
  )
})
