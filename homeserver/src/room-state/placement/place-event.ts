import { OWN, type LineRow, type NewLine, type Placement } from '#log/append/placed/placed-item.ts'
import type { Point } from '../deps.ts'
import { LINE_BYTES, ROW_BYTES } from './constants.ts'
import { route, type Base, type Route } from './destination.ts'
import { differences, withChange, type Difference, type State } from './state.ts'

/** A point that events of the room stand on, as it was read. */
export interface Known {
  readonly point: Point
  readonly state: State
  readonly depth: number
  /** Index of the last row of its line. */
  readonly lineEnd: number
}

/** The room's current state; undefined beside events of a room that is being joined. */
export interface Standing {
  readonly stateVersion: number
  readonly extremities: readonly number[]
  readonly at: Known
}

/** What decides where an event goes. */
export interface PlaceInput {
  /** Resolved state before the event. */
  readonly before: State
  /** Interned key of an accepted state event; undefined when the event changes no state. */
  readonly key: number | undefined
  /** The points of the event's parents. */
  readonly parents: readonly Known[]
  readonly standing: Standing | undefined
  /**
   * The current state with this event, and the extremities; undefined when it does not count: it was
   * rejected, soft-failed, or belongs to the past.
   */
  readonly next:
    | {
        readonly state: State
        readonly extremities: readonly number[]
        /** Points of the extremities other than the event itself. */
        readonly others: readonly Known[]
      }
    | undefined
}

/** A placement, and how the current state changes (for memberships). */
export interface Placed extends Omit<Placement, 'current'> {
  readonly current:
    | { readonly point: Point; readonly changes: readonly Difference[]; readonly depth: number }
    | undefined
  readonly depth: number
}

/**
 * Decides where an event's state goes. Three rules hold for every answer:
 * - the current state is the end of its line, so that plain appends can go on there;
 * - what does not count adds nothing to the line of the current state;
 * - no line has more than `MAX_DEPTH` parents above it.
 */
export function placeEvent(input: PlaceInput): Placed {
  const { before, key, standing, next } = input
  const rows = new Rows()
  const bases = basesOf(input)
  const start = rows.take(route(before, bases, key !== undefined))
  const after = key === undefined ? before : withChange(before, key, OWN)
  const point =
    key === undefined ? start.point : rows.add(start.point, { key, ev: OWN, prev: before.get(key) })
  const expected = standing && {
    stateVersion: standing.stateVersion,
    extremities: standing.extremities,
  }
  const event = { lines: rows.lines, rows: rows.rows, point, depth: start.depth }
  if (next === undefined) return { ...event, current: undefined, expected: undefined }
  const own: Base = { point, state: after, depth: start.depth, open: rows.isEnd(point, bases) }
  const current = rows.take(route(next.state, [own, ...rows.still(currentBases(input))], true))
  return {
    ...event,
    current: {
      point: current.point,
      depth: current.depth,
      changes: differences(standing?.at.state ?? new Map(), next.state),
    },
    expected,
  }
}

/** From where the state before the event may be reached. */
function basesOf(input: PlaceInput): Base[] {
  const { parents, standing, next } = input
  const line = standing?.at.point.line
  const bases = parents.map((known): Base => {
    const open =
      known.point.idx === known.lineEnd && (next !== undefined || known.point.line !== line)
    return { ...known, open, price: returnPrice(known, input) }
  })
  if (standing === undefined || parents.some(({ point }) => isSame(point, standing.at.point))) {
    return bases
  }
  const open = next !== undefined && standing.at.point.idx === standing.at.lineEnd
  return [...bases, { ...standing.at, open, price: returnPrice(standing.at, input) }]
}

/**
 * What a branch adds to the line of the current state has to be taken back there, and who stands at its
 * end has to fork. The current state before stands for the one after, which is near.
 */
function returnPrice(known: Known, { standing, before }: PlaceInput): number {
  if (known.point.line !== standing?.at.point.line) return 0
  return differences(standing.at.state, before).length * ROW_BYTES
}

/** From where the new current state may be reached, the old one first. */
function currentBases({ standing, next }: PlaceInput): Base[] {
  const bases: Base[] = []
  if (standing !== undefined) bases.push(open(standing.at))
  // who goes on from that extremity has to fork then
  for (const other of next?.others ?? []) bases.push({ ...open(other), price: LINE_BYTES })
  return bases
}

function open(known: Known): Base {
  const { point, state, depth } = known
  return { point, state, depth, open: point.idx === known.lineEnd }
}

/** The rows and lines of one placement as they come together. */
class Rows {
  readonly lines: NewLine[] = []
  readonly rows: LineRow[] = []

  /** Goes a route; returns where it ends. */
  take(way: Route): { point: Point; depth: number } {
    let point = way.base ?? this.#make(way.line)
    for (const row of way.rows) point = this.add(point, row)
    return { point, depth: way.depth }
  }

  add(at: Point, { key, ev, prev }: Difference): Point {
    const point = { line: at.line, idx: at.idx + 1 }
    this.rows.push({ ...point, key, ev, prev })
    return point
  }

  /** Whether rows may be added at a point: nothing stands behind it. */
  isEnd(point: Point, bases: readonly Base[]): boolean {
    if (point.line < 0 || this.rows.some((row) => isSame(row, point))) return true
    return bases.some((base) => base.open && isSame(base.point, point))
  }

  /** The same bases; those are no longer open whose lines have grown. */
  still(bases: readonly Base[]): Base[] {
    const grown = new Set(this.rows.map((row) => row.line))
    return bases.map((base) => (grown.has(base.point.line) ? { ...base, open: false } : base))
  }

  #make(line: NewLine | undefined): Point {
    if (line === undefined) throw new TypeError('a way leads nowhere')
    this.lines.push(line)
    return { line: -this.lines.length, idx: 0 }
  }
}

function isSame(a: Point, b: Point): boolean {
  return a.line === b.line && a.idx === b.idx
}
