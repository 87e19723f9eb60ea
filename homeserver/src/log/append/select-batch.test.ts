import { expect, test } from 'vitest'
import { asRoomKey, asUserKey } from '../keys.ts'
import type { AppendItem } from '../types.ts'
import { inspect, type Pending } from './pending.ts'
import { takeBatch } from './select-batch.ts'

const data = (user: number, content = '{}'): AppendItem => ({
  kind: 'account_data',
  user: asUserKey(user),
  room: undefined,
  type: 'm.x',
  content,
})

function queued(...group: AppendItem[]): Pending {
  const nothing = () => undefined
  return { ...inspect(group), deadline: 0, resolve: nothing, reject: nothing }
}

test('a batch ends before the second group with the same key', () => {
  const queue = [queued(data(1)), queued(data(2)), queued(data(1, '{"a":1}')), queued(data(3))]
  expect(takeBatch(queue)).toHaveLength(2)
  expect(takeBatch(queue)).toHaveLength(2)
  expect(queue).toEqual([])
})

test('a batch has at most 500 items and 1 MB, but a larger group goes alone', () => {
  const many = Array.from({ length: 501 }, (_, n) => queued(data(n)))
  expect(takeBatch(many)).toHaveLength(500)
  const big = 'x'.repeat(600_000)
  const large = [queued(data(1, big)), queued(data(2, big))]
  expect(takeBatch(large)).toHaveLength(1)
  const huge = [queued(data(1, big), data(2, big)), queued(data(3))]
  expect(takeBatch(huge)).toHaveLength(1)
})

test('groups with events are sorted by room, in one room they keep their order', () => {
  const room = (key: number, n: number): Pending => ({
    ...queued(data(n)),
    room: asRoomKey(key),
  })
  const queue = [room(5, 1), room(3, 2), room(5, 3), room(3, 4)]
  const keys = takeBatch(queue).map(({ room: key, keys: [first] }) => [key, first])
  expect(keys).toEqual([
    [3, 'a2 0 m.x'],
    [3, 'a4 0 m.x'],
    [5, 'a1 0 m.x'],
    [5, 'a3 0 m.x'],
  ])
})

test('an empty group and one with two items of the same key are refused', () => {
  expect(() => inspect([])).toThrow(TypeError)
  expect(() => inspect([data(1), data(1)])).toThrow(TypeError)
})
