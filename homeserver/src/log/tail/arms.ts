import type { Statement } from '#db/pipelined-client.ts'
import { ENTRY_COLUMNS, ENTRY_SELECT, EVENT_COLUMNS, type EntryRow } from '../read/event-columns.ts'

/** One kind of row that the tail reads. */
interface Arm {
  readonly kind: string
  /** Tables with a `pos` column whose rows are told by this arm. */
  readonly covers: readonly string[]
  readonly sql: string
}

/** Entry columns as NULLs, for the arms that only fill `data`. */
const NO_EVENT = [...EVENT_COLUMNS.slice(1), ...ENTRY_COLUMNS]
  .map(([, type]) => `NULL::${type}`)
  .join(', ')

/**
 * Every table with a `pos` column stands here. $1 is the head, $2 the last position to read.
 * Rows that exist only with an event (state, membership, transaction, highlight) come with it.
 */
export const ARMS: readonly Arm[] = [
  {
    kind: 'event',
    covers: ['events', 'room_state', 'memberships', 'txns', 'highlights'],
    sql: `SELECT 'event', NULL::text, ${ENTRY_SELECT} FROM events e WHERE e.pos > $1 AND e.pos <= $2`,
  },
  {
    kind: 'late',
    covers: ['late_events'],
    sql: `SELECT 'late', l.pos::text, ${ENTRY_SELECT} FROM late_events l JOIN events e ON e.pos = l.ev
      WHERE l.pos > $1 AND l.pos <= $2`,
  },
  {
    kind: 'receipt',
    covers: ['receipts'],
    sql: `SELECT 'receipt', json_build_object('room', r.room, 'user', r.user_key, 'type', r.type,
        'thread', r.thread, 'eventPos', r.ev, 'ts', r.ts,
        'eventId', (SELECT x.event_id FROM events x WHERE x.pos = r.ev))::text, r.pos, ${NO_EVENT}
      FROM receipts r WHERE r.pos > $1 AND r.pos <= $2`,
  },
  {
    kind: 'account_data',
    covers: ['account_data'],
    sql: `SELECT 'account_data', json_build_object('user', a.user_key, 'room', a.room, 'type', a.type,
        'content', a.content)::text, a.pos, ${NO_EVENT}
      FROM account_data a WHERE a.pos > $1 AND a.pos <= $2`,
  },
  {
    kind: 'to_device',
    covers: ['inbox'],
    sql: `SELECT 'to_device', json_build_object('devices', json_agg(b.device ORDER BY b.device))::text,
        b.pos, ${NO_EVENT}
      FROM inbox b WHERE b.pos > $1 AND b.pos <= $2 GROUP BY b.pos`,
  },
  {
    kind: 'invalidation',
    covers: ['invalidations'],
    sql: `SELECT 'invalidation', json_build_object('what', i.kind, 'key', i.key)::text, i.pos, ${NO_EVENT}
      FROM invalidations i WHERE i.pos > $1 AND i.pos <= $2`,
  },
]

const HEAD = `SELECT 'head' AS kind, s.tag::text AS data, s.last_pos AS pos, ${[
  ...EVENT_COLUMNS.slice(1),
  ...ENTRY_COLUMNS,
]
  .map(([name, type]) => `NULL::${type} AS ${name}`)
  .join(', ')} FROM stream s`

/** One statement, so one view: the rows and the log's last position belong together. */
export const TAIL: Statement = {
  name: 'tail',
  text: [HEAD, ...ARMS.map((arm) => arm.sql)].join('\nUNION ALL '),
}

/** A row of {@link TAIL}; only the arms of events fill the event's columns. */
export interface TailRow extends EntryRow {
  readonly kind: string
  readonly data: string | null
}
