import { NOT_PLAIN } from './hs-append-message.ts'
import { STREAM_LOCK, WORKERS_LOCK } from './locks.ts'

/**
 * Appends a batch of plain messages, as `hs_append_message` does one: nothing is looked up
 * beforehand, and a batch that is anything but new messages on the state they were authorised on
 * fails as a whole, for `hs_append` to find out which of them can be stored.
 *
 * Rooms and messages arrive as parallel arrays, messages sorted by room; `e_r` is the room's number
 * in the batch, from 1. A message has either stored parents (`e_prev`, an array literal of positions)
 * or one parent in this batch (`e_parent`, its number). Of each room: the stored parents that cease to
 * be extremities (`r_gone`), the messages that become some (`r_leaves`), its last message, how many
 * notify. `e_seq` counts those up to the message; `e_latest` marks a sender's last message in a room.
 */
export const hsAppendMessages = `
CREATE FUNCTION hs_append_messages(
  now_ts bigint,
  r_room bigint[], r_version bigint[], r_gone text[], r_leaves text[], r_last int[], r_notify int[],
  e_r int[], e_id text[], e_type int[], e_sender bigint[], e_depth bigint[], e_ts bigint[],
  e_flags int[], e_seq int[], e_parent int[], e_prev text[], e_auth text[], e_thread bigint[],
  e_device bigint[], e_txn text[], e_txn_id text[], e_at int[], e_end int[], e_latest boolean[],
  e_relates text[], e_rel text[], e_pdu text[],
  OUT base bigint, OUT seq_before int[], OUT line_of bigint[], OUT idx_of int[]
) LANGUAGE plpgsql AS $$
DECLARE
  n CONSTANT int := cardinality(e_r);
BEGIN
  PERFORM pg_advisory_xact_lock(${STREAM_LOCK});
  UPDATE stream SET last_pos = last_pos + n RETURNING last_pos - n INTO base;
  WITH moved AS (
    UPDATE rooms
      SET last_pos = base + r.last,
        notify_seq = rooms.notify_seq + r.notify,
        extremities = CASE WHEN rooms.extremities <@ r.gone::bigint[] THEN '{}'
          ELSE ARRAY(SELECT x FROM unnest(rooms.extremities) x WHERE x <> ALL (r.gone::bigint[]))
          END || ARRAY(SELECT base + leaf FROM unnest(r.leaves::bigint[]) leaf)
      FROM unnest(r_room, r_version, r_gone, r_leaves, r_last, r_notify)
        WITH ORDINALITY AS r(room, version, gone, leaves, last, notify, i)
      WHERE rooms.key = r.room AND rooms.state_version = r.version
      RETURNING r.i, rooms.notify_seq - r.notify AS seq, rooms.line, rooms.idx)
  SELECT array_agg(m.seq ORDER BY m.i), array_agg(m.line ORDER BY m.i), array_agg(m.idx ORDER BY m.i)
    INTO seq_before, line_of, idx_of FROM moved m;
  IF cardinality(seq_before) IS DISTINCT FROM cardinality(r_room) THEN
    RAISE EXCEPTION 'a room has moved on' USING ERRCODE = '${NOT_PLAIN}';
  END IF;
  INSERT INTO events (pos, room, event_id, type, sender, depth, ts, line, sidx, flags, prev, auth,
      notify_seq, thread, c_at, c_end, relates_to, rel_type, pdu)
    SELECT base + e.i, r_room[e.r], e.id, e.type, e.sender, e.depth, e.ts, line_of[e.r],
      idx_of[e.r], e.flags,
      CASE WHEN e.parent IS NULL THEN e.prev::bigint[] ELSE ARRAY[base + e.parent] END,
      e.auth::bigint[], seq_before[e.r] + e.seq, e.thread, e.c_at, e.c_end,
      e.relates, e.rel, e.pdu
    FROM unnest(e_r, e_id, e_type, e_sender, e_depth, e_ts, e_flags, e_seq, e_parent, e_prev, e_auth,
        e_thread, e_at, e_end, e_relates, e_rel, e_pdu)
      WITH ORDINALITY AS e(r, id, type, sender, depth, ts, flags, seq, parent, prev, auth, thread,
        c_at, c_end, relates, rel, pdu, i);
  IF cardinality(array_remove(e_relates, NULL)) > 0 THEN
    UPDATE events SET flags = events.flags | 128
      FROM (SELECT DISTINCT r_room[e.r] AS room, e.relates
        FROM unnest(e_r, e_relates) AS e(r, relates) WHERE e.relates IS NOT NULL) w
      WHERE events.event_id = w.relates AND events.room = w.room AND events.flags & 128 = 0;
  END IF;
  INSERT INTO txns (device, key, id, pos, created_ts)
    SELECT t.device, t.key, t.id, base + t.i, now_ts
    FROM unnest(e_device, e_txn, e_txn_id) WITH ORDINALITY AS t(device, key, id, i)
    WHERE t.device IS NOT NULL;
  -- who writes has read
  INSERT INTO read_state (user_key, room, read_pos, notify_seq)
    SELECT w.sender, r_room[w.r], base + w.i, seq_before[w.r] + w.seq
    FROM unnest(e_r, e_sender, e_seq, e_latest) WITH ORDINALITY AS w(r, sender, seq, latest, i)
    WHERE w.latest
    ON CONFLICT (user_key, room) DO UPDATE
      SET read_pos = excluded.read_pos, notify_seq = excluded.notify_seq;
  IF NOT pg_try_advisory_xact_lock(${WORKERS_LOCK}) THEN
    PERFORM pg_notify('hearth_log', (base + n)::text);
  END IF;
END $$`
