import { OWN } from '#log/append/placed/placed-item.ts'
import type { OwnEvent, Resolver } from '#room-state/placement/merger.ts'
import type { State } from '#room-state/placement/state.ts'

/**
 * Lets the later event win each key. In a room where everybody may do what they do, state resolution
 * comes to the same; it is kept apart here because the simulation is about what merges store, and the
 * resolver proper has its own measurements.
 */
export class LastWriter implements Resolver {
  readonly #times = new Map<number, number>()
  merges = 0

  note(pos: number, ts: number): void {
    this.#times.set(pos, ts)
  }

  async resolve(_room: number, states: readonly State[], own?: OwnEvent): Promise<State> {
    this.merges++
    const time = (pos: number) =>
      pos === OWN ? (own?.event.originServerTs ?? 0) : (this.#times.get(pos) ?? 0)
    const [first, ...others] = states
    const result = new Map(first)
    for (const state of others) {
      for (const [key, pos] of state) {
        const before = result.get(key)
        if (before === undefined || (before !== pos && wins(time, pos, before)))
          result.set(key, pos)
      }
    }
    return await Promise.resolve(result)
  }
}

function wins(time: (pos: number) => number, a: number, b: number): boolean {
  return time(a) === time(b) ? a > b : time(a) > time(b)
}
