import type { UserKey } from '#log/types.ts'
import type { Clock } from '#platform/clock.ts'

/** Changes that are found without looking at all users. */
const TAIL = 4_096
/** Users kept; those who changed longest ago are forgotten first. */
const CAPACITY = 50_000

/**
 * Whose presence changed, each at the last change. A change has a number: its time in milliseconds, or
 * more where several came at once. So the numbers of two workers can be compared, though not exactly.
 */
export class ChangedUsers {
  readonly #clock: Pick<Clock, 'now'>
  /** In the order of the changes, the oldest first. */
  readonly #last = new Map<UserKey, number>()
  readonly #tail: { readonly user: UserKey; readonly stamp: number }[] = []
  #stamp = 0

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** Number of the latest change. */
  get stamp(): number {
    return this.#stamp
  }

  /** @param stamp of a change that was made elsewhere or before this worker started */
  add(user: UserKey, stamp?: number): number {
    this.#stamp = Math.max(stamp ?? this.#clock.now(), this.#stamp + 1)
    this.#last.delete(user)
    this.#last.set(user, this.#stamp)
    this.#tail.push({ user, stamp: this.#stamp })
    if (this.#tail.length > 2 * TAIL) this.#tail.splice(0, TAIL)
    if (this.#last.size > CAPACITY) {
      const oldest = this.#last.keys().next()
      if (oldest.done !== true) this.#last.delete(oldest.value)
    }
    return this.#stamp
  }

  /** Users whose last change has a higher number. */
  after(stamp: number): Set<UserKey> {
    if (stamp >= this.#stamp) return new Set()
    const first = this.#tail[0]
    if (first !== undefined && first.stamp <= stamp) {
      const at = this.#tail.findLastIndex((change) => change.stamp <= stamp)
      return new Set(this.#tail.slice(at + 1).map(({ user }) => user))
    }
    const changed = Array.from(this.#last).filter(([, last]) => last > stamp)
    return new Set(changed.map(([user]) => user))
  }
}
