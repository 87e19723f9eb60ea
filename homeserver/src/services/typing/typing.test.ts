import { beforeEach, expect, test } from 'vitest'
import { asRoomKey, asUserKey } from '#log/keys.ts'
import type { LogEntry, WakeKey } from '#log/types.ts'
import { parseUserId } from '#matrix/ids.ts'
import { systemRng } from '#platform/rng.ts'
import { entry } from '#services/sync/test-support/entries.ts'
import { createLocalTypingBus } from './typing-bus.ts'
import { createTyping, type Typing } from './typing.ts'

const all = () => true
const ROOM = asRoomKey(1)
const ALICE = { key: asUserKey(1), userId: parseUserId('@alice:test') }
const BOB = { key: asUserKey(2), userId: parseUserId('@bob:test') }

/** A clock that is moved by hand. */
class HandClock {
  #now = 0
  #timers: { at: number; callback: () => void }[] = []
  now = () => this.#now
  monotonic = () => this.#now
  sleep = async () => {}
  after = (ms: number, callback: () => void) => {
    const timer = { at: this.#now + ms, callback }
    this.#timers.push(timer)
    return () => void (this.#timers = this.#timers.filter((other) => other !== timer))
  }
  get timers() {
    return this.#timers.length
  }
  advance(ms: number) {
    this.#now += ms
    const due = this.#timers.filter(({ at }) => at <= this.#now)
    this.#timers = this.#timers.filter(({ at }) => at > this.#now)
    for (const { callback } of due) callback()
  }
}

let clock: HandClock
let woken: WakeKey[]
let log: (entries: readonly LogEntry[]) => void
let typing: Typing

beforeEach(() => {
  clock = new HandClock()
  woken = []
  typing = createTyping({
    ...deps(),
    log: {
      subscribe(listener) {
        log = listener
        return () => {}
      },
    },
    bus: createLocalTypingBus(),
  })
})

/** What every worker has of its own, but the log. */
function deps() {
  return {
    clock,
    rng: systemRng,
    wakeups: { wake: (keys: Iterable<WakeKey>) => void woken.push(...keys) },
    log: { subscribe: () => () => {} },
  }
}

test('a user types until the timeout, and both ends wake the room', () => {
  typing.start(ROOM, ALICE, 5_000)
  expect(typing.typingIn(ROOM)).toEqual([ALICE.userId])
  expect(woken).toEqual(['r1'])
  clock.advance(4_999)
  expect(typing.typingIn(ROOM)).toEqual([ALICE.userId])
  clock.advance(1)
  expect(typing.typingIn(ROOM)).toEqual([])
  expect(woken).toEqual(['r1', 'r1'])
})

test('typing on extends the time and wakes nobody', () => {
  typing.start(ROOM, ALICE, 5_000)
  clock.advance(4_000)
  typing.start(ROOM, ALICE, 5_000)
  clock.advance(4_000)
  expect(typing.typingIn(ROOM)).toEqual([ALICE.userId])
  expect(woken).toHaveLength(1)
})

test('nobody types for longer than two minutes without saying so again', () => {
  typing.start(ROOM, ALICE, 1e9)
  clock.advance(120_000)
  expect(typing.typingIn(ROOM)).toEqual([])
})

test('stopping counts at once; stopping what never began changes nothing', () => {
  typing.stop(ROOM, BOB)
  expect(woken).toEqual([])
  typing.start(ROOM, ALICE)
  typing.start(ROOM, BOB)
  typing.stop(ROOM, ALICE)
  expect(typing.typingIn(ROOM)).toEqual([BOB.userId])
  clock.advance(30_000)
  expect(typing.typingIn(ROOM)).toEqual([])
})

test('changes after a position are told, each room once', () => {
  const before = typing.position(all)
  typing.start(ROOM, ALICE)
  typing.start(asRoomKey(2), ALICE)
  typing.stop(ROOM, ALICE)
  expect(new Set(typing.changedSince(before, all))).toEqual(new Set([1, 2]))
  expect([...typing.changedSince(typing.position(all), all)]).toEqual([])
})

test('a position far back is answered as completely as a recent one', () => {
  const before = typing.position(all)
  for (let room = 1; room <= 700; room++) typing.start(asRoomKey(room), ALICE)
  expect([...typing.changedSince(before, all)]).toHaveLength(700)
})

test('a position of another worker that showed something else is told the last minute', () => {
  typing.start(ROOM, ALICE, 1_000)
  clock.advance(1_000)
  const elsewhere = { boot: 'other', n: 99, shown: 'alice' }
  expect([...typing.changedSince(elsewhere, all)]).toEqual([1])
  clock.advance(60_001)
  expect([...typing.changedSince(elsewhere, all)]).toEqual([])
})

test('a position of another worker that showed the same is told nothing', () => {
  const other = createTyping({ ...deps(), bus: createLocalTypingBus() })
  expect([...typing.changedSince(other.position(all), all)]).toEqual([])
  for (const worker of [typing, other]) worker.start(ROOM, ALICE)
  typing.start(ROOM, BOB)
  expect([...typing.changedSince(other.position(all), all)]).toEqual([1])
  // in another order than over there
  other.stop(ROOM, ALICE)
  other.start(ROOM, BOB)
  other.start(ROOM, ALICE)
  expect([...typing.changedSince(other.position(all), all)]).toEqual([])
  expect([...other.changedSince(typing.position(all), all)]).toEqual([])
})

test('typing in rooms that the client does not see is not held against it', () => {
  const other = createTyping({ ...deps(), bus: createLocalTypingBus() })
  typing.start(ROOM, ALICE)
  const sees = (room: number) => room !== ROOM
  expect([...typing.changedSince(other.position(sees), sees)]).toEqual([])
  expect([...typing.changedSince(other.position(all), all)]).toEqual([1])
})

test('a first sync is told where somebody types', () => {
  typing.start(ROOM, ALICE)
  typing.start(asRoomKey(2), ALICE)
  typing.stop(ROOM, ALICE)
  expect([...typing.changedSince(undefined, all)]).toEqual([2])
})

test('who leaves the room has stopped typing', () => {
  typing.start(ROOM, ALICE)
  log([{ ...entry(1), membership: { user: ALICE.key, membership: 'leave' } }])
  expect(typing.typingIn(ROOM)).toEqual([])
  clock.advance(30_000)
  expect(woken).toHaveLength(2)
})

test('closed, it keeps no timer, whoever begins to type', () => {
  typing.start(ROOM, ALICE)
  typing.start(ROOM, BOB)
  expect(clock.timers).toBe(2)
  typing.close()
  expect(clock.timers).toBe(0)
  typing.start(ROOM, ALICE)
  expect(clock.timers).toBe(0)
})
