import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import { EventFlag, type RoomKey, type UserKey } from './types.ts'

/** One user in one room. */
export interface UnreadPair {
  readonly user: UserKey
  readonly room: RoomKey
}

/** An event after the read position, with the thread it is in. */
export interface UnreadMark {
  readonly pos: number
  /** Position of the thread's root; undefined: main timeline. */
  readonly root: number | undefined
}

/** What unread counts of a user in a room are made of, as of one moment. */
export interface UnreadState extends UnreadPair {
  /** The room's last event. */
  readonly lastPos: number
  /** The room's `notify_seq` there. */
  readonly headSeq: number
  /** Up to where all of the room is read, by receipt or own event; 0: nothing. */
  readonly readPos: number
  readonly readSeq: number
  /** Up to where the main timeline is read by a threaded receipt; 0: no such receipt. */
  readonly mainPos: number
  readonly mainSeq: number
  /** By root: up to where a thread is read. */
  readonly threadReads: ReadonlyMap<number, number>
  /** Notifying events in threads after `readPos`. */
  readonly threadEvents: readonly UnreadMark[]
  /** Highlights after `readPos`. */
  readonly highlights: readonly UnreadMark[]
}

/** Reads of unread counts. */
export interface UnreadReads {
  /** The states of many pairs with a fixed number of statements, in the order asked. */
  unreadStates(pairs: readonly UnreadPair[]): Promise<UnreadState[]>
  /**
   * Positions of the newest live events of rooms after a place in each, oldest first: at most `limit`
   * a room. One statement.
   */
  positionsAfter(
    rooms: readonly { readonly room: RoomKey; readonly after: number }[],
    options: { readonly upTo: number; readonly limit: number },
  ): Promise<number[]>
}

/** Up to where a user has read the main timeline, or the thread with that root. */
export function readUpTo(
  state: Pick<UnreadState, 'readPos' | 'mainPos' | 'threadReads'>,
  root: number | undefined,
): number {
  const part = root === undefined ? state.mainPos : (state.threadReads.get(root) ?? 0)
  return Math.max(state.readPos, part)
}

type MarkRow = { user_key: number; room: number; pos: number; root: number | null }

/** Makes the reads; every call goes to Postgres. */
export function createUnreadReads(db: Db): UnreadReads {
  return {
    async unreadStates(pairs) {
      const [bases, threadReads, threadEvents, highlights] = await Promise.all([
        readBases(db, pairs),
        readThreadReceipts(db, pairs),
        readThreadEvents(db, pairs),
        readHighlights(db, pairs),
      ])
      return pairs.map((pair) => {
        const key = pairKey(pair.user, pair.room)
        const base = bases.get(key)
        return {
          ...pair,
          lastPos: base?.last_pos ?? 0,
          headSeq: base?.head_seq ?? 0,
          readPos: base?.read_pos ?? 0,
          readSeq: base?.read_seq ?? 0,
          mainPos: base?.main_pos ?? 0,
          mainSeq: base?.main_seq ?? 0,
          threadReads: new Map((threadReads.get(key) ?? []).map((row) => [row.root ?? 0, row.pos])),
          threadEvents: marks(threadEvents.get(key)),
          highlights: marks(highlights.get(key)),
        }
      })
    },

    async positionsAfter(rooms, { upTo, limit }) {
      const { rows } = await sql<{ pos: number }>`
        SELECT e.pos
        FROM unnest(${rooms.map(({ room }) => room)}::bigint[],
            ${rooms.map(({ after }) => after)}::bigint[]) AS k(room, after)
        CROSS JOIN LATERAL (
          SELECT x.pos FROM events x
          WHERE x.room = k.room AND x.pos > k.after AND x.pos > 0 AND x.pos <= ${upTo}
            AND x.flags & 3 = 0
          ORDER BY x.pos DESC LIMIT ${limit}) e
        ORDER BY e.pos`.execute(db)
      return rows.map(({ pos }) => pos)
    },
  }
}

const pairKey = (user: number, room: number): string => `${user} ${room}`

const marks = (rows: readonly MarkRow[] = []): UnreadMark[] =>
  rows.map(({ pos, root }) => ({ pos, root: root ?? undefined }))

function groupByPair<Row extends { user_key: number; room: number }>(
  rows: readonly Row[],
): Map<string, Row[]> {
  return Map.groupBy(rows, (row) => pairKey(row.user_key, row.room))
}

const unnest = (pairs: readonly UnreadPair[]) => sql`
  unnest(${pairs.map((pair) => pair.user)}::bigint[], ${pairs.map((pair) => pair.room)}::bigint[])
    AS k(user_key, room)`

interface BaseRow {
  readonly user_key: number
  readonly room: number
  readonly last_pos: number
  readonly head_seq: number
  readonly read_pos: number | null
  readonly read_seq: number | null
  readonly main_pos: number | null
  readonly main_seq: number | null
}

async function readBases(db: Db, pairs: readonly UnreadPair[]): Promise<Map<string, BaseRow>> {
  const { rows } = await sql<BaseRow>`
    SELECT k.user_key, k.room, r.last_pos, r.notify_seq AS head_seq,
           s.read_pos, s.notify_seq AS read_seq, m.pos AS main_pos, m.notify_seq AS main_seq
    FROM ${unnest(pairs)}
    JOIN rooms r ON r.key = k.room
    LEFT JOIN read_state s ON s.user_key = k.user_key AND s.room = k.room
    LEFT JOIN LATERAL (
      SELECT e.pos, e.notify_seq FROM receipts c JOIN events e ON e.pos = c.ev
      WHERE c.room = k.room AND c.user_key = k.user_key AND c.thread = 'main'
      ORDER BY e.pos DESC LIMIT 1) m ON true`.execute(db)
  return new Map(rows.map((row) => [pairKey(row.user_key, row.room), row]))
}

async function readThreadReceipts(
  db: Db,
  pairs: readonly UnreadPair[],
): Promise<Map<string, MarkRow[]>> {
  const { rows } = await sql<MarkRow>`
    SELECT k.user_key, k.room, max(c.ev) AS pos, root.pos AS root
    FROM ${unnest(pairs)}
    JOIN receipts c ON c.room = k.room AND c.user_key = k.user_key AND c.thread NOT IN ('', 'main')
    JOIN events root ON root.event_id = c.thread
    GROUP BY k.user_key, k.room, root.pos`.execute(db)
  return groupByPair(rows)
}

async function readThreadEvents(
  db: Db,
  pairs: readonly UnreadPair[],
): Promise<Map<string, MarkRow[]>> {
  const { rows } = await sql<MarkRow>`
    SELECT k.user_key, k.room, e.pos, e.thread AS root
    FROM ${unnest(pairs)}
    LEFT JOIN read_state s ON s.user_key = k.user_key AND s.room = k.room
    LEFT JOIN LATERAL (
      SELECT max(c.ev) AS pos FROM receipts c
      WHERE c.room = k.room AND c.user_key = k.user_key AND c.thread = 'main') m ON true
    JOIN events e ON e.room = k.room AND e.thread IS NOT NULL
      AND e.pos > greatest(coalesce(s.read_pos, 0), 0)
      AND e.flags & ${EventFlag.notifies} <> 0
      -- what is read in its thread still matters to the main timeline's count after its receipt
      AND (e.pos > coalesce(m.pos, 0) OR NOT EXISTS (
        SELECT FROM receipts c JOIN events root ON root.event_id = c.thread
        WHERE c.room = k.room AND c.user_key = k.user_key AND root.pos = e.thread
          AND c.ev >= e.pos))
    ORDER BY e.pos`.execute(db)
  return groupByPair(rows)
}

async function readHighlights(
  db: Db,
  pairs: readonly UnreadPair[],
): Promise<Map<string, MarkRow[]>> {
  const { rows } = await sql<MarkRow>`
    SELECT k.user_key, k.room, h.pos, e.thread AS root
    FROM ${unnest(pairs)}
    LEFT JOIN read_state s ON s.user_key = k.user_key AND s.room = k.room
    JOIN highlights h ON h.user_key = k.user_key AND h.room = k.room
      AND h.pos > coalesce(s.read_pos, 0)
    JOIN events e ON e.pos = h.pos
    ORDER BY h.pos`.execute(db)
  return groupByPair(rows)
}
