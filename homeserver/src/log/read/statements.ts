import type { Statement } from '#db/pipelined-client.ts'
import { ENTRY_SELECT, EVENT_SELECT } from './event-columns.ts'

/** Neither rejected nor soft-failed. */
const LIVE = 'e.flags & 3 = 0'
/** In the room's history: live, or backfilled. */
const SHOWN = 'e.flags & 11 = 0'

export const EVENTS_BY_ID: Statement = {
  name: 'events_by_id',
  text: `SELECT ${EVENT_SELECT} FROM events e WHERE e.event_id = ANY ($1::text[])`,
}

export const EVENTS_BY_POS: Statement = {
  name: 'events_by_pos',
  text: `SELECT ${EVENT_SELECT} FROM events e WHERE e.pos = ANY ($1::bigint[])`,
}

/**
 * The newest live events of a room in the order of the log: those that got their place when they were
 * stored, and those that got it later. Each arm is an index that is read from its end.
 */
const newestOf = (room: string, after: string, upTo: string, limit: string): string => `(
      SELECT e.pos AS log_pos, ${ENTRY_SELECT} FROM events e
      WHERE e.room = ${room} AND e.pos > 0 AND e.pos > ${after} AND e.pos <= ${upTo} AND ${LIVE}
      ORDER BY e.pos DESC LIMIT ${limit})
    UNION ALL (
      SELECT l.pos AS log_pos, ${ENTRY_SELECT} FROM late_events l JOIN events e ON e.pos = l.ev
      WHERE l.room = ${room} AND l.pos > ${after} AND l.pos <= ${upTo} AND ${LIVE}
      ORDER BY l.pos DESC LIMIT ${limit})
    ORDER BY log_pos DESC LIMIT ${limit}`

/** $1 room, $2 after, $3 up to, $4 limit; newest first. */
export const ROOM_TAIL: Statement = {
  name: 'room_tail',
  text: newestOf('$1', '$2', '$3', '$4'),
}

/** $1 rooms, $2 up to, $3 limit for each; newest first. */
export const ROOM_TAILS: Statement = {
  name: 'room_tails',
  text: `SELECT t.* FROM unnest($1::bigint[]) AS r(room) CROSS JOIN LATERAL (
    ${newestOf('r.room', '0', '$2', '$3')}) AS t`,
}

/** $1 room, $2 $3 from, $4 $5 to (both exclusive), $6 limit. */
export const PAGE_BACK: Statement = {
  name: 'page_back',
  text: `SELECT ${EVENT_SELECT} FROM events e
    WHERE e.room = $1 AND (e.depth, e.pos) < ($2, $3) AND (e.depth, e.pos) > ($4, $5) AND ${SHOWN}
    ORDER BY e.depth DESC, e.pos DESC LIMIT $6`,
}

export const PAGE_FORWARD: Statement = {
  name: 'page_forward',
  text: `SELECT ${EVENT_SELECT} FROM events e
    WHERE e.room = $1 AND (e.depth, e.pos) > ($2, $3) AND (e.depth, e.pos) < ($4, $5) AND ${SHOWN}
    ORDER BY e.depth, e.pos LIMIT $6`,
}

export const MEMBERS: Statement = {
  name: 'members',
  text: `SELECT m.room, m.user_key, m.membership, m.pos, m.forgotten FROM memberships m
    WHERE m.room = $1 AND m.membership = ANY ($2::text[])`,
}

/** $1 rooms, $2 after, $3 up to. */
export const RECEIPTS_IN: Statement = {
  name: 'receipts_in',
  text: `SELECT r.pos, r.room, r.user_key, r.type, r.thread, r.ev, r.ts,
      (SELECT e.event_id FROM events e WHERE e.pos = r.ev) AS event_id
    FROM receipts r WHERE r.room = ANY ($1::bigint[]) AND r.pos > $2 AND r.pos <= $3
    ORDER BY r.pos`,
}

/** $1 user, $2 after, $3 up to. */
export const ACCOUNT_DATA_OF: Statement = {
  name: 'account_data_of',
  text: `SELECT a.pos, a.room, a.type, a.content FROM account_data a
    WHERE a.user_key = $1 AND a.pos > $2 AND a.pos <= $3 ORDER BY a.pos`,
}

/** $1 user, $2 room or 0, $3 type. */
export const ACCOUNT_DATA: Statement = {
  name: 'account_data_one',
  text: `SELECT a.pos, a.room, a.type, a.content FROM account_data a
    WHERE a.user_key = $1 AND a.room = $2 AND a.type = $3`,
}
