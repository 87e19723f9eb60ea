import type { Statement } from '#db/pipelined-client.ts'
import { parseNumberArray } from '#log/append/array-literal.ts'
import type { Point, RoomKey, RoomStateDeps } from '../deps.ts'

/** A room and the points of some of its events, by position; of its extremities in any case. */
export interface RoomPoints {
  /** Undefined when the room is not there. */
  readonly room:
    | {
        readonly stateVersion: number
        readonly point: Point
        readonly extremities: readonly number[]
      }
    | undefined
  readonly points: ReadonlyMap<number, Point>
}

const POINTS: Statement = {
  name: 'room_points',
  text: `SELECT r.state_version, r.line AS room_line, r.idx AS room_idx, r.extremities::text,
      e.pos, e.line, e.sidx
    FROM (SELECT $1::bigint AS key) k
    LEFT JOIN rooms r ON r.key = k.key
    LEFT JOIN LATERAL (SELECT x.pos, x.line, x.sidx FROM events x
      WHERE x.pos = ANY ($2::bigint[] || coalesce(r.extremities, '{}')) AND x.room = k.key) e ON true`,
}

/** $1 lines: index of the last row, and how many parents are above. */
const LINES: Statement = {
  name: 'line_ends',
  text: `WITH RECURSIVE up AS (
      SELECT l.line, l.parent_line, 0 AS depth FROM state_lines l WHERE l.line = ANY ($1::bigint[])
      UNION ALL
      SELECT u.line, l.parent_line, u.depth + 1 FROM up u
      JOIN state_lines l ON l.line = u.parent_line)
    SELECT u.line, u.depth,
      coalesce((SELECT max(s.idx) FROM state_log s WHERE s.line = u.line), 0) AS line_end
    FROM up u WHERE u.parent_line IS NULL`,
}

interface PointRow {
  readonly state_version: number | null
  readonly room_line: number
  readonly room_idx: number
  readonly extremities: string
  readonly pos: number | null
  readonly line: number | null
  readonly sidx: number | null
}

/** Where a line ends, and how deep it is. */
export interface LineEnd {
  readonly line: number
  readonly depth: number
  readonly line_end: number
}

type Reader = RoomStateDeps['internals']['reader']

export async function readPoints(
  reader: Reader,
  room: RoomKey,
  positions: readonly number[],
): Promise<RoomPoints> {
  const rows = await reader.query<PointRow>(POINTS, [room, positions])
  const points = new Map<number, Point>()
  for (const { pos, line, sidx } of rows) {
    if (pos !== null && line !== null && sidx !== null) points.set(pos, { line, idx: sidx })
  }
  const [first] = rows
  if (first === undefined || first.state_version === null) return { room: undefined, points }
  return {
    room: {
      stateVersion: first.state_version,
      point: { line: first.room_line, idx: first.room_idx },
      extremities: parseNumberArray(first.extremities).filter((pos) => pos !== undefined),
    },
    points,
  }
}

export async function readLineEnds(
  reader: Reader,
  lines: readonly number[],
): Promise<Map<number, LineEnd>> {
  const rows = await reader.query<LineEnd>(LINES, [lines])
  return new Map(rows.map((row) => [row.line, row]))
}
