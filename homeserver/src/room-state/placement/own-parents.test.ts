import { expect, test } from 'vitest'
import { parseEventId } from '#matrix/ids.ts'
import { MAX_NAMED, MAX_PARENTS } from './constants.ts'
import { ownParents } from './own-parents.ts'

const refs = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    eventId: parseEventId(`$${n}`.padEnd(44, 'x')),
    depth: n,
    pos: n + 1,
  }))

test('an event names all extremities, but of too many only the deepest', () => {
  expect(ownParents(refs(3), () => true)).toEqual(refs(3))
  const chosen = ownParents(refs(MAX_PARENTS + 5), () => true)
  expect(chosen.map((ref) => ref.depth)).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5])
})

test('of branches whose states differ all are named, or those that agree, and then the rest', () => {
  const depths = (count: number, agreeing: number) =>
    ownParents(refs(count), ({ depth }) => depth < agreeing).map((ref) => ref.depth)
  expect(depths(MAX_NAMED, 15)).toHaveLength(MAX_NAMED)
  expect(depths(30, 4)).toEqual([3, 2, 1, 0])
  expect(depths(30, 15)).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5])
  expect(depths(30, 1)).toEqual([0, ...Array.from({ length: 19 }, (_, n) => 29 - n)])
  expect(depths(30, 0)).toEqual(Array.from({ length: 20 }, (_, n) => 29 - n))
})
