import { expect, test } from 'vitest'
import { parseEventId } from '#matrix/ids.ts'
import { MAX_PARENTS } from './constants.ts'
import { ownParents } from './own-parents.ts'

const refs = (count: number) =>
  Array.from({ length: count }, (_, n) => ({
    eventId: parseEventId(`$${n}`.padEnd(44, 'x')),
    depth: n,
    pos: n + 1,
  }))

test('an event names all extremities, but of too many only the deepest', () => {
  expect(ownParents(refs(3))).toEqual(refs(3))
  const chosen = ownParents(refs(MAX_PARENTS + 5))
  expect(chosen.map((ref) => ref.depth)).toEqual([14, 13, 12, 11, 10, 9, 8, 7, 6, 5])
})
