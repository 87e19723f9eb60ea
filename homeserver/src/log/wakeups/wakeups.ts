import type { LogEntry, Waiter, WakeKey, Wakeups } from '../types.ts'

/**
 * Polls woken in one turn of the event loop. Those of a turn go on step by step together, and their
 * answers leave when all are made: of a hundred the first third need not wait for the last. With fewer
 * at once, the first ones' next requests come between.
 */
const AT_ONCE = 32

/** Long polls, asleep under the keys of what would interest them. */
export class LongPolls implements Wakeups {
  readonly #sleepers = new Map<WakeKey, Set<Sleeper>>()

  register(keys: Iterable<WakeKey>): Waiter {
    const sleeper = new Sleeper(new Set(keys), (gone) => this.#forget(gone))
    for (const key of sleeper.keys) {
      const others = this.#sleepers.get(key)
      if (others === undefined) this.#sleepers.set(key, new Set([sleeper]))
      else others.add(sleeper)
    }
    return sleeper
  }

  wake(keys: Iterable<WakeKey>): void {
    const asleep: Sleeper[] = []
    for (const key of keys) {
      for (const sleeper of this.#sleepers.get(key) ?? []) {
        if (!sleeper.isWoken) asleep.push(sleeper)
      }
    }
    wakeFrom(asleep, 0)
  }

  /** Whatever they wait for: the log's history has changed. */
  wakeAll(): void {
    this.wake([...this.#sleepers.keys()])
  }

  #forget(sleeper: Sleeper): void {
    for (const key of sleeper.keys) {
      const others = this.#sleepers.get(key)
      others?.delete(sleeper)
      if (others?.size === 0) this.#sleepers.delete(key)
    }
  }
}

function wakeFrom(asleep: readonly Sleeper[], start: number): void {
  const end = start + AT_ONCE
  for (const sleeper of asleep.slice(start, end)) sleeper.wake()
  if (end < asleep.length) setImmediate(() => wakeFrom(asleep, end))
}

class Sleeper implements Waiter {
  readonly keys: ReadonlySet<WakeKey>
  readonly woken: Promise<void>
  readonly #forget: (sleeper: Sleeper) => void
  readonly #resolve: () => void
  #isWoken = false

  constructor(keys: ReadonlySet<WakeKey>, forget: (sleeper: Sleeper) => void) {
    const { promise, resolve } = Promise.withResolvers<void>()
    this.keys = keys
    this.woken = promise
    this.#resolve = resolve
    this.#forget = forget
  }

  get isWoken(): boolean {
    return this.#isWoken
  }

  wake(): void {
    this.#isWoken = true
    this.#resolve()
  }

  [Symbol.dispose](): void {
    this.#forget(this)
  }
}

/**
 * Whom the entries concern: rooms for events and receipts, users for their own memberships and data,
 * devices for messages to them.
 */
export function keysOf(entries: readonly LogEntry[]): Set<WakeKey> {
  const keys = new Set<WakeKey>()
  for (const entry of entries) {
    switch (entry.kind) {
      case 'event':
        keys.add(`r${entry.event.room}`)
        if (entry.membership !== undefined) keys.add(`u${entry.membership.user}`)
        for (const user of entry.members ?? []) keys.add(`u${user}`)
        break
      case 'receipt':
        keys.add(`r${entry.room}`)
        break
      case 'account_data':
        keys.add(`u${entry.user}`)
        break
      case 'to_device':
        for (const device of entry.devices) keys.add(`d${device}`)
        break
      case 'invalidation':
        if (entry.what === 'device') keys.add(`d${Number(entry.key)}`)
        if (entry.what === 'user') keys.add(`u${Number(entry.key)}`)
        break
    }
  }
  return keys
}
