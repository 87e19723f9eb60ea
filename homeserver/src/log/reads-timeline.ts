import type { Statement } from '#db/pipelined-client.ts'
import { parseEventId, type EventId } from '#matrix/ids.ts'
import type { Topological } from './reads.ts'
import type { Reader } from './read/connections.ts'
import type { DeviceKey, RoomKey } from './types.ts'

/** A place among a room's events by their time, in milliseconds since 1970. */
export interface EventTime {
  readonly ts: number
  readonly pos: number
}

/** Reads that paging through history and repeated transactions need. */
export interface TimelineReads {
  /** The topologically last event of a room among those at or before a position. */
  lastUpTo(room: RoomKey, pos: number): Promise<Topological | undefined>
  /** The topologically first event of a room among those that the log tells of after a position. */
  firstAfter(room: RoomKey, pos: number): Promise<Topological | undefined>
  /**
   * Positions of the first `limit` events of some rooms in `(after, upTo]`, in the order of the log.
   * Without those that were stored earlier and counted only then.
   */
  after(
    rooms: readonly RoomKey[],
    range: { readonly after: number; readonly upTo: number },
    limit: number,
  ): Promise<number[]>
  /** Transaction IDs by position of the event, of those among the events that the device sent. */
  txnIds(device: DeviceKey, positions: readonly number[]): Promise<Map<number, string>>
  /**
   * Events of a room's history in the order of their times, from `from` (exclusive), where events of
   * one time are in the order of their positions.
   */
  byTime(
    room: RoomKey,
    dir: 'b' | 'f',
    from: EventTime,
    limit: number,
  ): Promise<readonly EventTime[]>
  /** Where the log tells of events that came late, by the events' own positions; others are left out. */
  placesOfLate(positions: readonly number[]): Promise<Map<number, number>>
  /** The event that a transaction key stands for. */
  txnEvent(device: DeviceKey, key: string): Promise<EventId | undefined>
}

const LAST_UP_TO: Statement = {
  name: 'last_up_to',
  text: `SELECT e.depth, e.pos FROM events e WHERE e.room = $1 AND e.pos <= $2
    ORDER BY e.depth DESC, e.pos DESC LIMIT 1`,
}

const FIRST_AFTER: Statement = {
  name: 'first_after',
  text: `(SELECT e.depth, e.pos FROM events e WHERE e.room = $1 AND e.pos > $2
      ORDER BY e.depth, e.pos LIMIT 1)
    UNION ALL (SELECT e.depth, e.pos FROM late_events l JOIN events e ON e.pos = l.ev
      WHERE l.room = $1 AND l.pos > $2 ORDER BY e.depth, e.pos LIMIT 1)
    ORDER BY depth, pos LIMIT 1`,
}

/** The sum keeps the planner from reading all that the device ever sent. */
const AFTER: Statement = {
  name: 'rooms_after',
  text: `SELECT n.pos FROM unnest($1::bigint[]) AS r(room), LATERAL (
      SELECT e.pos FROM events e
      WHERE e.room = r.room AND e.pos > 0 AND e.pos > $2 AND e.pos <= $3 AND e.flags & 3 = 0
      ORDER BY e.pos LIMIT $4) n
    ORDER BY n.pos LIMIT $4`,
}

export const BY_TIME: Readonly<Record<'b' | 'f', Statement>> = {
  b: {
    name: 'by_time_back',
    text: `SELECT e.ts, e.pos FROM events e WHERE e.room = $1 AND (e.ts, e.pos) < ($2, $3)
      AND e.flags & 11 = 0 ORDER BY e.ts DESC, e.pos DESC LIMIT $4`,
  },
  f: {
    name: 'by_time_forward',
    text: `SELECT e.ts, e.pos FROM events e WHERE e.room = $1 AND (e.ts, e.pos) > ($2, $3)
      AND e.flags & 11 = 0 ORDER BY e.ts, e.pos LIMIT $4`,
  },
}

export const TXN_IDS: Statement = {
  name: 'txn_ids',
  text: 'SELECT t.pos, t.id FROM txns t WHERE t.pos = ANY ($2::bigint[]) AND t.device + 0 = $1',
}

const PLACES_OF_LATE: Statement = {
  name: 'places_of_late',
  text: 'SELECT l.ev, l.pos FROM late_events l WHERE l.ev = ANY ($1::bigint[])',
}

const TXN_EVENT: Statement = {
  name: 'txn_event',
  text: `SELECT (SELECT e.event_id FROM events e WHERE e.pos = t.pos) AS event_id
    FROM txns t WHERE t.device = $1 AND t.key = $2`,
}

/** Makes the reads; every call is one statement. */
export function createTimelineReads(reader: Reader): TimelineReads {
  return {
    async lastUpTo(room, pos) {
      return (await reader.query<Topological>(LAST_UP_TO, [room, pos]))[0]
    },

    async firstAfter(room, pos) {
      return (await reader.query<Topological>(FIRST_AFTER, [room, pos]))[0]
    },

    async after(rooms, { after, upTo }, limit) {
      const rows = await reader.query<{ pos: number }>(AFTER, [rooms, after, upTo, limit])
      return rows.map(({ pos }) => pos)
    },

    async byTime(room, dir, from, limit) {
      return await reader.query<EventTime>(BY_TIME[dir], [room, from.ts, from.pos, limit])
    },

    async txnIds(device, positions) {
      const rows = await reader.query<{ pos: number; id: string }>(TXN_IDS, [device, positions])
      return new Map(rows.map((row) => [row.pos, row.id]))
    },

    async placesOfLate(positions) {
      const late = positions.filter((pos) => pos < 0)
      if (late.length === 0) return new Map()
      const rows = await reader.query<{ ev: number; pos: number }>(PLACES_OF_LATE, [late])
      return new Map(rows.map((row) => [row.ev, row.pos]))
    },

    async txnEvent(device, key) {
      const rows = await reader.query<{ event_id: string | null }>(TXN_EVENT, [device, key])
      const [row] = rows
      return row === undefined || row.event_id === null ? undefined : parseEventId(row.event_id)
    },
  }
}
