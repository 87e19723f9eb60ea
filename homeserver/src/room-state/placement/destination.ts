import type { NewLine } from '#log/append/placed/placed-item.ts'
import { OWN } from '#log/append/placed/placed-item.ts'
import { encodeCheckpoint } from '../checkpoint-codec.ts'
import type { Point } from '../deps.ts'
import {
  CHECKPOINT_BYTES,
  ENTRY_BYTES,
  LEVEL_BYTES,
  LINE_BYTES,
  MAX_DEPTH,
  ROW_BYTES,
} from './constants.ts'
import { differences, type Difference, type State } from './state.ts'

/** A point whose state is known, from which another state may be reached. */
export interface Base {
  readonly point: Point
  readonly state: State
  /** Parents above its line. */
  readonly depth: number
  /** The point is the end of its line, and rows may be added there. */
  readonly open: boolean
  /** What adding rows there costs beside the rows, in bytes: who stood there will have to fork. */
  readonly price?: number
}

/** How a state is reached: rows behind a point, behind a new line's start, or none. */
export interface Route {
  /** The line to make, unless rows go to the base's own. */
  readonly line: NewLine | undefined
  /** Where the rows begin: the point before the first. Of a new line its index is 0. */
  readonly base: Point | undefined
  readonly depth: number
  readonly rows: readonly Difference[]
  readonly cost: number
}

/**
 * The cheapest way to a state.
 * @param grows rows will follow in any case, or the line must be ready for them: a point that is not
 *   the end of its line won't do
 */
export function route(target: State, bases: readonly Base[], grows: boolean): Route {
  let best = ownLine(target)
  for (const base of bases) {
    const rows = differences(base.state, target)
    for (const way of waysFrom(base, rows, grows)) {
      const isBetter = way.cost < best.cost || (way.cost === best.cost && way.depth < best.depth)
      if (isBetter) best = way
    }
  }
  return best
}

function waysFrom(base: Base, rows: readonly Difference[], grows: boolean): Route[] {
  const { point, depth, open } = base
  const cost = rows.length * ROW_BYTES
  const stays = rows.length === 0 && !grows
  const ways: Route[] = []
  if (stays || open) {
    const price = rows.length === 0 ? 0 : (base.price ?? 0)
    ways.push({ line: undefined, base: point, depth, rows, cost: cost + price })
  }
  if (!stays && depth < MAX_DEPTH) {
    const line: NewLine = { parent: point, checkpoint: undefined }
    const lineCost = LINE_BYTES + LEVEL_BYTES * (depth + 1)
    ways.push({ line, base: undefined, depth: depth + 1, rows, cost: cost + lineCost })
  }
  return ways
}

/** A line with the state as its checkpoint; what the event itself sets becomes rows. */
function ownLine(target: State): Route {
  const rows: Difference[] = []
  for (const [key, ev] of target) if (ev === OWN) rows.push({ key, ev, prev: undefined })
  const bytes = CHECKPOINT_BYTES + target.size * ENTRY_BYTES
  return {
    // encoded only when it is asked for: most of the time another way is cheaper
    line: {
      parent: undefined,
      get checkpoint() {
        const start = new Map(target)
        for (const { key } of rows) start.delete(key)
        return encodeCheckpoint(start)
      },
    },
    base: undefined,
    depth: 0,
    rows,
    cost: LINE_BYTES + bytes + rows.length * ROW_BYTES,
  }
}
