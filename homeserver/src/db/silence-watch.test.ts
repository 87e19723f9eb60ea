import { expect, test } from 'vitest'
import { SilenceWatch } from './silence-watch.ts'

/** A clock whose timers fire when it is advanced. */
class Timers {
  now = 0
  readonly #due = new Map<() => void, number>()

  monotonic = (): number => this.now

  after = (ms: number, callback: () => void): (() => void) => {
    this.#due.set(callback, this.now + ms)
    return () => void this.#due.delete(callback)
  }

  advance(ms: number): void {
    this.now += ms
    for (const [callback, at] of this.#due) {
      if (at > this.now) continue
      this.#due.delete(callback)
      callback()
    }
  }
}

function watched() {
  const clock = new Timers()
  let silences = 0
  const watch = new SilenceWatch(clock, () => void (silences += 1), 100)
  return { clock, watch, silences: () => silences }
}

test('a connection that owes an answer too long is silent', () => {
  const { clock, watch, silences } = watched()
  watch.sent()
  clock.advance(99)
  expect(silences()).toBe(0)
  clock.advance(1)
  expect(silences()).toBe(1)
})

test('one that answers anything, or owes nothing, is not', () => {
  const { clock, watch, silences } = watched()
  watch.sent()
  watch.sent()
  clock.advance(60)
  watch.heard()
  clock.advance(60)
  watch.heard()
  clock.advance(1000)
  watch.sent()
  clock.advance(99)
  expect(silences()).toBe(0)
})

test('one that still owes the second answer after the first is silent in its time', () => {
  const { clock, watch, silences } = watched()
  watch.sent()
  watch.sent()
  clock.advance(60)
  watch.heard()
  clock.advance(40)
  expect(silences()).toBe(0)
  clock.advance(60)
  expect(silences()).toBe(1)
})
