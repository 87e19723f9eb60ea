import type { Statement } from '#db/pipelined-client.ts'
import { EVENT_SELECT } from '#log/read/event-columns.ts'

export const CURRENT: Statement = {
  name: 'state_current',
  text: `SELECT ${EVENT_SELECT} FROM room_state s JOIN events e ON e.pos = s.ev WHERE s.room = $1`,
}

/** LIMIT makes it an index probe; as a plain join the planner compares all rooms with all keys. */
const ONE = 'SELECT o.ev FROM room_state o WHERE o.room = r.room AND o.key = k.key LIMIT 1'

/** $1 rooms, $2 types and $3 state keys of single keys, $4 types of which all keys are wanted. */
export const CURRENT_OF_SOME: Statement = {
  name: 'state_current_of_some',
  text: `SELECT ${EVENT_SELECT} FROM (
      SELECT s.ev FROM unnest($2::text[], $3::text[]) AS w(type, state_key)
      JOIN event_types t ON t.type = w.type
      JOIN state_keys k ON k.type = t.key AND k.state_key = w.state_key
      CROSS JOIN unnest($1::bigint[]) AS r(room)
      CROSS JOIN LATERAL (${ONE}) AS s
      UNION
      SELECT s.ev FROM unnest($1::bigint[]) AS r(room)
      JOIN room_state s ON s.room = r.room AND cardinality($4::text[]) > 0
      JOIN state_keys k ON k.key = s.key
      JOIN event_types t ON t.key = k.type AND t.type = ANY ($4::text[])) AS wanted
    JOIN events e ON e.pos = wanted.ev`,
}

/** Positions only, as below. $1 rooms, $2 types and $3 state keys. */
export const CURRENT_OF_KEYS: Statement = {
  name: 'state_current_of_keys',
  text: `SELECT s.ev FROM unnest($2::text[], $3::text[]) AS w(type, state_key)
    JOIN event_types t ON t.type = w.type
    JOIN state_keys k ON k.type = t.key AND k.state_key = w.state_key
    CROSS JOIN unnest($1::bigint[]) AS r(room)
    CROSS JOIN LATERAL (${ONE}) AS s`,
}

/** Positions only: the events of many rooms are mostly in memory. $1 rooms, $2 types to leave out. */
export const CURRENT_OF_ALL: Statement = {
  name: 'state_current_of_all',
  text: `SELECT s.ev FROM unnest($1::bigint[]) AS r(room)
    JOIN room_state s ON s.room = r.room
    JOIN state_keys k ON k.key = s.key
    WHERE NOT k.type = ANY (ARRAY(SELECT t.key FROM event_types t WHERE t.type = ANY ($2::text[])))`,
}
