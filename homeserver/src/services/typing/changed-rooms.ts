import type { RoomKey } from '#log/types.ts'
import type { Clock } from '#platform/clock.ts'

/** Rooms kept; those that changed longest ago are forgotten first. */
const CAPACITY = 50_000
const RECENT = 60_000
/** Changes that are found without looking at all rooms: what a long poll asks for. */
const TAIL = 256

/** The rooms in which typing changed, each at its last change. */
export class ChangedRooms {
  readonly #clock: Pick<Clock, 'monotonic'>
  /** In the order of the changes, the oldest first. */
  readonly #last = new Map<RoomKey, { readonly n: number; readonly at: number }>()
  /** The rooms of the latest changes. */
  readonly #tail: RoomKey[] = []
  #count = 0

  constructor(clock: Pick<Clock, 'monotonic'>) {
    this.#clock = clock
  }

  /** Changes so far. */
  get count(): number {
    return this.#count
  }

  add(room: RoomKey): void {
    this.#count += 1
    this.#last.delete(room)
    this.#last.set(room, { n: this.#count, at: this.#clock.monotonic() })
    this.#tail.push(room)
    if (this.#tail.length > 2 * TAIL) this.#tail.splice(0, TAIL)
    if (this.#last.size <= CAPACITY) return
    const oldest = this.#last.keys().next()
    if (oldest.done !== true) this.#last.delete(oldest.value)
  }

  /** Rooms whose last change has a higher number. */
  after(n: number): RoomKey[] {
    const missed = this.#count - n
    if (missed <= 0) return []
    if (missed <= this.#tail.length) return [...new Set(this.#tail.slice(-missed))]
    return Array.from(this.#last)
      .filter(([, change]) => change.n > n)
      .map(([room]) => room)
  }

  /** Rooms that changed in the last minute. */
  recently(): RoomKey[] {
    const limit = this.#clock.monotonic() - RECENT
    return Array.from(this.#last)
      .filter(([, change]) => change.at >= limit)
      .map(([room]) => room)
  }
}
