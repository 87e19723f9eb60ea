/** A row of `events` with {@link EVENT_COLUMNS}: keys are not resolved yet. */
export interface EventRow {
  readonly pos: number
  readonly room: number
  readonly event_id: string
  readonly type: number
  readonly state_key: number | null
  readonly sender: number
  readonly depth: number
  readonly ts: number
  readonly flags: number
  readonly line: number | null
  readonly sidx: number | null
  readonly now_line: number | null
  readonly now_idx: number | null
  readonly notify_seq: number | null
  readonly thread: number | null
  readonly redacted_by: number | null
  readonly c_at: number
  readonly c_end: number
  readonly pdu: string
}

/** A row that also has {@link ENTRY_COLUMNS}: all that the tail tells about an event. */
export interface EntryRow extends EventRow {
  readonly txn_device: number | null
  readonly txn_id: string | null
  /** Array literal of user keys. */
  readonly highlights: string | null
  readonly replaces: number | null
  readonly redacts: number | null
  readonly relates_to: string | null
  /** Array literal of positions. */
  readonly prev: string | null
  /** Array literal of user keys. */
  readonly members: string | null
}

/** An entry of a room's tail. */
export interface RoomEntryRow extends EntryRow {
  /** Its place in the log, which of a late event is not the event's own position. */
  readonly log_pos: number
}

/** Columns and their Postgres types, in order; the tail needs the types for its other arms. */
export const EVENT_COLUMNS: readonly (readonly [name: keyof EventRow, type: string])[] = [
  ['pos', 'bigint'],
  ['room', 'bigint'],
  ['event_id', 'text'],
  ['type', 'int'],
  ['state_key', 'int'],
  ['sender', 'bigint'],
  ['depth', 'bigint'],
  ['ts', 'bigint'],
  ['flags', 'int'],
  ['line', 'bigint'],
  ['sidx', 'int'],
  ['now_line', 'bigint'],
  ['now_idx', 'int'],
  ['notify_seq', 'int'],
  ['thread', 'bigint'],
  ['redacted_by', 'bigint'],
  ['c_at', 'int'],
  ['c_end', 'int'],
  ['pdu', 'text'],
]

/** Where the log tells of the event: keys before all others are those of events that came late, or never. */
const LOG_POS =
  'CASE WHEN e.pos < 0 THEN (SELECT l.pos FROM late_events l WHERE l.ev = e.pos) ELSE e.pos END'

/**
 * What an entry has beyond the event's own row. Scalar subqueries: each is one index probe,
 * whatever the planner thinks of the tables' sizes.
 */
export const ENTRY_COLUMNS: readonly (readonly [
  name: keyof EntryRow,
  type: string,
  expression: string,
])[] = [
  ['txn_device', 'bigint', '(SELECT t.device FROM txns t WHERE t.pos = e.pos LIMIT 1)'],
  ['txn_id', 'text', '(SELECT t.id FROM txns t WHERE t.pos = e.pos LIMIT 1)'],
  [
    'highlights',
    'text',
    `(SELECT array_agg(h.user_key ORDER BY h.user_key)::text FROM highlights h WHERE h.pos = ${LOG_POS})`,
  ],
  [
    'replaces',
    'bigint',
    `CASE WHEN e.state_key IS NOT NULL AND e.flags & 3 = 0 THEN
      (SELECT l.prev_ev FROM state_log l WHERE l.line = e.line AND l.idx = e.sidx) END`,
  ],
  ['redacts', 'bigint', '(SELECT r.pos FROM events r WHERE r.redacted_by = e.pos LIMIT 1)'],
  ['relates_to', 'text', 'e.relates_to'],
  ['prev', 'text', 'e.prev::text'],
  [
    'members',
    'text',
    `CASE WHEN e.flags & 64 <> 0 THEN
      (SELECT array_agg(m.user_key)::text FROM memberships m WHERE m.room = e.room AND m.pos =
        ${LOG_POS}) END`,
  ],
]

/** Select list of an {@link EventRow} from `events e`. */
export const EVENT_SELECT = EVENT_COLUMNS.map(([name]) => `e.${name}`).join(', ')

/** Select list of an {@link EntryRow} from `events e`. */
export const ENTRY_SELECT = `${EVENT_SELECT}, ${ENTRY_COLUMNS.map(
  ([name, , expression]) => `${expression} AS ${name}`,
).join(', ')}`
