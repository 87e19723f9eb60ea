import { expect, test } from 'vitest'
import type { Log, LogEntry } from '#log/types.ts'
import { RecentChanges } from './recent-changes.ts'
import { entry } from './test-support/entries.ts'

/** The reading face of a log that is written by hand. */
class HandLog implements Pick<Log, 'head' | 'subscribe' | 'onReset'> {
  head = 0
  #listener: (entries: readonly LogEntry[]) => void = () => {}
  #reset: () => void = () => {}

  subscribe(listener: (entries: readonly LogEntry[]) => void) {
    this.#listener = listener
    return () => {}
  }
  onReset(listener: () => void) {
    this.#reset = listener
    return () => {}
  }
  append(...positions: number[]) {
    this.head = positions.at(-1) ?? this.head
    this.#listener(positions.map((pos) => entry(pos)))
  }
  reset(head: number) {
    this.head = head
    this.#reset()
  }
}

const positions = (changes: ReturnType<RecentChanges['after']>) => changes?.map(({ pos }) => pos)

test('tells what came after a position, as far back as it remembers', () => {
  const log = new HandLog()
  log.head = 10
  const recent = new RecentChanges(log)
  log.append(11, 12)
  log.append(15)
  expect(positions(recent.after(10))).toEqual([11, 12, 15])
  expect(positions(recent.after(12))).toEqual([15])
  expect(positions(recent.after(15))).toEqual([])
  expect(recent.after(9)).toBeUndefined()
})

test('forgets the oldest and admits it', () => {
  const log = new HandLog()
  const recent = new RecentChanges(log, 4)
  for (let pos = 1; pos <= 10; pos++) log.append(pos)
  expect(recent.after(0)).toBeUndefined()
  const kept = [5, 6, 7, 8].find((pos) => recent.after(pos) !== undefined) ?? 0
  expect(positions(recent.after(kept))).toEqual(
    Array.from({ length: 10 - kept }, (_, index) => kept + 1 + index),
  )
})

test('remembers nothing of another history', () => {
  const log = new HandLog()
  const recent = new RecentChanges(log)
  log.append(1, 2, 3)
  log.reset(2)
  expect(recent.after(1)).toBeUndefined()
  expect(positions(recent.after(2))).toEqual([])
})
