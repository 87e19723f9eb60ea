import type { Statement } from '#db/pipelined-client.ts'
import { checkpointEntry, decodeCheckpoint } from './checkpoint-codec.ts'
import type { Point, RoomStateDeps } from './deps.ts'

/** The lines from $1 up to the root, each with the index at which the walk enters it. */
const WALK = `WITH RECURSIVE walk AS (
    SELECT $1::bigint AS line, $2::int AS idx, 0 AS n
    UNION ALL
    SELECT l.parent_line, l.parent_idx, w.n + 1 FROM walk w
    JOIN state_lines l ON l.line = w.line WHERE l.parent_line IS NOT NULL)`

/** One probe of an index a line; the state a line started with counts where nothing was changed. */
const KEY_AT: Statement = {
  name: 'state_key_at',
  text: `${WALK}
    SELECT hit.idx IS NOT NULL AS changed, hit.ev, c.entries
    FROM walk w
    LEFT JOIN LATERAL (SELECT s.idx, s.ev FROM state_log s
      WHERE s.line = w.line AND s.key = $3 AND s.idx <= w.idx
      ORDER BY s.idx DESC LIMIT 1) hit ON true
    LEFT JOIN state_ckpt c ON c.line = w.line AND c.idx = 0 AND hit.idx IS NULL
    WHERE hit.idx IS NOT NULL OR c.line IS NOT NULL
    ORDER BY w.n LIMIT 1`,
}

/** Of the state events at $1 those before which their line, and what it came from, had none of their key. */
const FIRST_OF_KEY: Statement = {
  name: 'state_first_of_key',
  text: `SELECT e.pos, e.line, e.sidx AS idx FROM unnest($1::bigint[]) AS w(pos)
    JOIN events e ON e.pos = w.pos
    JOIN state_log s ON s.line = e.line AND s.idx = e.sidx AND s.ev = e.pos
    WHERE s.prev_ev IS NULL AND NOT EXISTS (SELECT FROM state_log o
      WHERE o.line = s.line AND o.key = s.key AND o.idx < s.idx)`,
}

/** The nearest checkpoint of a line, its later changes, and where the line comes from. */
const LINE_STATE: Statement = {
  name: 'state_line',
  text: `WITH c AS (SELECT k.idx, k.entries FROM state_ckpt k
      WHERE k.line = $1 AND k.idx <= $2 ORDER BY k.idx DESC LIMIT 1)
    SELECT NULL::int AS key, NULL::bigint AS ev, (SELECT c.entries FROM c) AS entries,
      l.parent_line, l.parent_idx
    FROM state_lines l WHERE l.line = $1
    UNION ALL
    (SELECT DISTINCT ON (s.key) s.key, s.ev, NULL, NULL, NULL FROM state_log s
      WHERE s.line = $1 AND s.idx > coalesce((SELECT c.idx FROM c), 0) AND s.idx <= $2
      ORDER BY s.key, s.idx DESC)`,
}

/** Changes of a line between two indexes: each key's value before the first and after the last. */
const CHANGES: Statement = {
  name: 'state_changes',
  text: `SELECT s.key, (array_agg(s.prev_ev ORDER BY s.idx))[1] AS before,
      (array_agg(s.ev ORDER BY s.idx DESC))[1] AS after
    FROM state_log s WHERE s.line = $1 AND s.idx > $2 AND s.idx <= $3 GROUP BY s.key`,
}

interface LineRow {
  readonly key: number | null
  readonly ev: number | null
  readonly entries: Buffer | null
  readonly parent_line: number | null
  readonly parent_idx: number | null
}

/** Reads of state lines and checkpoints, by interned key. */
export class Lines {
  readonly #reader: RoomStateDeps['internals']['reader']

  constructor(deps: Pick<RoomStateDeps['internals'], 'reader'>) {
    this.#reader = deps.reader
  }

  /** Position of the event that a key has at a point. */
  async keyAt(point: Point, key: number): Promise<number | undefined> {
    const [row] = await this.#reader.query<{
      changed: boolean
      ev: number | null
      entries: Buffer | null
    }>(KEY_AT, [point.line, point.idx, key])
    if (row === undefined) return undefined
    if (row.changed) return row.ev ?? undefined
    return row.entries === null ? undefined : checkpointEntry(row.entries, key)
  }

  /** See `RoomStates.firstOfKey`. */
  async firstOfKey(positions: readonly number[]): Promise<Map<number, Point>> {
    const rows = await this.#reader.query<{ pos: number; line: number; idx: number }>(
      FIRST_OF_KEY,
      [positions],
    )
    return new Map(rows.map(({ pos, line, idx }) => [pos, { line, idx }]))
  }

  /** The whole state at a point: event position by key. */
  async stateAt(point: Point): Promise<Map<number, number>> {
    // from the point up to the root, the nearer change of a key counts
    const changes = new Map<number, number | null>()
    let at: Point | undefined = point
    while (at !== undefined) {
      const rows: LineRow[] = await this.#reader.query<LineRow>(LINE_STATE, [at.line, at.idx])
      let parent: Point | undefined
      let base: LineRow | undefined
      for (const row of rows) {
        if (row.key === null) base = row
        else if (!changes.has(row.key)) changes.set(row.key, row.ev)
      }
      if (base === undefined) throw new RangeError(`There is no state line ${at.line}.`)
      if (base.entries !== null) {
        for (const [key, ev] of decodeCheckpoint(base.entries)) {
          if (!changes.has(key)) changes.set(key, ev)
        }
      } else if (base.parent_line !== null && base.parent_idx !== null) {
        parent = { line: base.parent_line, idx: base.parent_idx }
      }
      at = parent
    }
    const state = new Map<number, number>()
    for (const [key, ev] of changes) if (ev !== null) state.set(key, ev)
    return state
  }

  /** Positions of the events at `to` whose keys had another event at `from`. */
  async delta(from: Point, to: Point): Promise<number[]> {
    if (from.line === to.line) {
      const back = from.idx > to.idx
      const [low, high] = back ? [to.idx, from.idx] : [from.idx, to.idx]
      const rows = await this.#reader.query<{ before: number | null; after: number | null }>(
        CHANGES,
        [from.line, low, high],
      )
      const differing = rows.filter((row) => row.before !== row.after)
      return present(differing.map((row) => (back ? row.before : row.after)))
    }
    const [before, after] = await Promise.all([this.stateAt(from), this.stateAt(to)])
    const differing: number[] = []
    for (const [key, ev] of after) if (before.get(key) !== ev) differing.push(ev)
    return differing
  }
}

function present(positions: readonly (number | null)[]): number[] {
  return positions.filter((pos) => pos !== null)
}
