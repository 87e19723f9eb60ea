import { expect, test } from 'vitest'
import type { LogEntry } from '../types.ts'
import { Applied } from './applied.ts'

const entry = (pos: number): LogEntry => ({ kind: 'to_device', pos, devices: [] })

/** What a listener is told, as positions. */
function listening(head: number) {
  const told: number[] = []
  const applied = new Applied(() => undefined)
  applied.reset(head)
  applied.subscribe((entries) => told.push(...entries.map(({ pos }) => pos)))
  return { applied, told }
}

test('own entries are told after those in front of them, whoever was faster', () => {
  const { applied, told } = listening(10)
  applied.park(12, [entry(13), entry(14)], 14)
  expect(applied.head).toBe(10)
  expect(applied.readUpTo).toBe(12)
  applied.apply([entry(11), entry(12)], 12)
  expect(told).toEqual([11, 12, 13, 14])
  expect(applied.head).toBe(14)
  expect(applied.readUpTo).toBe(Infinity)
})

test('of several own appends each waits for its own gap', () => {
  const { applied, told } = listening(0)
  applied.park(1, [entry(2)], 2)
  applied.park(2, [entry(3)], 3)
  applied.park(4, [entry(5)], 5)
  applied.apply([entry(1)], 1)
  expect(told).toEqual([1, 2, 3])
  expect(applied.readUpTo).toBe(4)
  applied.apply([entry(4)], 4)
  expect(told).toEqual([1, 2, 3, 4, 5])
})

test('what was read back meanwhile is not told twice', () => {
  const { applied, told } = listening(0)
  applied.park(1, [entry(2), entry(3)], 3)
  applied.apply([entry(1), entry(2)], 2)
  applied.apply([entry(1), entry(2), entry(3), entry(4)], 4)
  expect(told).toEqual([1, 2, 3, 4])
})

test('who waits for a position is released by own entries too', async () => {
  const { applied } = listening(0)
  const reached = applied.reached(2)
  applied.park(1, [entry(2)], 2)
  applied.apply([entry(1)], 1)
  await reached
  expect(applied.head).toBe(2)
})

test('entries of a history that is gone are never told', () => {
  const { applied, told } = listening(5)
  applied.park(7, [entry(8)], 8)
  applied.reset(3)
  applied.apply([entry(4), entry(7)], 7)
  expect(told).toEqual([4, 7])
  expect(applied.readUpTo).toBe(Infinity)
})
