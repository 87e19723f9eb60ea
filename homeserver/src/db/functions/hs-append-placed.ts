import { STREAM_LOCK, WORKERS_LOCK } from './locks.ts'

/**
 * Appends one event whose place in the room's state was worked out beforehand: what `hs_append` can't
 * take, because the event forks or joins branches, failed a check, or belongs to the past. The caller
 * says which lines and rows of state to write, where the event's point is, and how the current state
 * changes; this checks that nothing has moved meanwhile, and writes.
 *
 * In `r_ev`, `r_prev`, `s_ev` and `x_next` 0 is the event itself. Lines to make are numbered -1, -2 …
 * in `r_line`, `l_parent`, `p_line` and `c_line`. `p_line` is NULL for an outlier, `c_line` for an
 * event that leaves the room's current state and extremities alone. `x_version` is NULL when the
 * place does not depend on them. `n_id` makes the room. `in_log`: the event gets a position that
 * `/sync` sees; otherwise one before all others.
 *
 * An outlier that now gets a point keeps its key; when it counts, `late_events` gives it a place in
 * the log.
 *
 * Outcomes: 0 ok, 1 was there already, 3 conflict: place the event again.
 */
export const hsAppendPlaced = `
CREATE FUNCTION hs_append_placed(
  now_ts bigint, e_room bigint, n_id text, n_version text,
  e_id text, e_type int, e_sender bigint, e_key int, e_depth bigint, e_ts bigint, e_flags int,
  e_prev bigint[], e_auth bigint[], q_id text[], q_auth boolean[],
  e_redacts bigint, e_thread bigint, e_at int, e_end int, e_relates text, e_rel text, e_pdu text,
  h_user bigint[],
  in_log boolean, x_version bigint, x_extremities bigint[], x_next bigint[],
  l_parent bigint[], l_parent_idx int[], l_ckpt text[],
  r_line bigint[], r_idx int[], r_key int[], r_ev bigint[], r_prev bigint[],
  p_line bigint, p_idx int, c_line bigint, c_idx int, s_key int[], s_ev bigint[],
  m_user bigint[], m_membership text[],
  OUT outcome int, OUT e_pos bigint, OUT head bigint
) LANGUAGE plpgsql AS $$
DECLARE
  known events%ROWTYPE;
  rm rooms%ROWTYPE;
  made bigint[] := '{}';
  one bigint;
  log_pos bigint; -- where the log tells of the event
  counts boolean := c_line IS NOT NULL;
  now_l bigint;
  now_i int;
BEGIN
  PERFORM pg_advisory_xact_lock(${STREAM_LOCK});
  SELECT last_pos INTO head FROM stream;
  outcome := 3;
  SELECT * INTO known FROM events WHERE event_id = e_id;
  IF known.pos IS NOT NULL AND (known.flags & 8 = 0 OR p_line IS NULL) THEN
    outcome := 1;
    e_pos := known.pos;
    RETURN;
  END IF;
  IF p_line IS NOT NULL THEN
    SELECT * INTO rm FROM rooms WHERE key = e_room;
    IF (rm.key IS NULL) <> (n_id IS NOT NULL) THEN
      RETURN;
    END IF;
    IF x_version IS NOT NULL AND (rm.state_version <> x_version
        OR NOT (rm.extremities @> x_extremities AND rm.extremities <@ x_extremities)) THEN
      RETURN;
    END IF;
    -- the current state is always the end of its line
    IF NOT counts AND rm.line = ANY (r_line) THEN
      RETURN;
    END IF;
    IF EXISTS (SELECT FROM unnest(r_line || l_parent || p_line || c_line) AS w(line)
        WHERE w.line > 0 AND NOT EXISTS (
          SELECT FROM state_lines l WHERE l.line = w.line AND l.room = e_room)) THEN
      RETURN;
    END IF;
    IF EXISTS (SELECT FROM unnest(r_line, r_idx) AS w(line, idx) WHERE w.line > 0 GROUP BY w.line
        HAVING min(w.idx) <> 1 + coalesce(
          (SELECT max(s.idx) FROM state_log s WHERE s.line = w.line), 0)) THEN
      RETURN;
    END IF;
  END IF;
  outcome := 0;

  FOR j IN 1 .. cardinality(l_parent) LOOP
    INSERT INTO state_lines (room, parent_line, parent_idx)
      VALUES (e_room, CASE WHEN l_parent[j] < 0 THEN made[-l_parent[j]] ELSE l_parent[j] END,
        l_parent_idx[j])
      RETURNING line INTO one;
    made := made || one;
    IF l_ckpt[j] IS NOT NULL THEN
      INSERT INTO state_ckpt (line, idx, entries) VALUES (one, 0, decode(l_ckpt[j], 'base64'));
    END IF;
  END LOOP;
  p_line := CASE WHEN p_line < 0 THEN made[-p_line] ELSE p_line END;
  c_line := CASE WHEN c_line < 0 THEN made[-c_line] ELSE c_line END;
  IF counts AND (c_line <> p_line OR c_idx <> p_idx) THEN
    now_l := c_line;
    now_i := c_idx;
  END IF;

  e_pos := known.pos;
  IF in_log AND (known.pos IS NULL OR counts) THEN
    head := head + 1;
    UPDATE stream SET last_pos = head;
    log_pos := head;
    e_pos := coalesce(e_pos, head);
  ELSIF known.pos IS NULL THEN
    UPDATE stream SET first_pos = first_pos - 1 RETURNING first_pos INTO e_pos;
  END IF;
  rm.notify_seq := coalesce(rm.notify_seq, 0) + CASE WHEN counts THEN e_flags >> 5 & 1 ELSE 0 END;

  IF known.pos IS NULL THEN
    INSERT INTO events (pos, room, event_id, type, sender, state_key, depth, ts, line, sidx,
        now_line, now_idx, flags, prev, auth, notify_seq, thread, c_at, c_end, relates_to, rel_type,
        pdu)
      VALUES (e_pos, e_room, e_id, e_type, e_sender, e_key, e_depth, e_ts, p_line, p_idx,
        now_l, now_i,
        -- what relates to it may have come before it
        e_flags | CASE WHEN EXISTS (SELECT FROM events c WHERE c.relates_to = e_id AND c.room = e_room)
          THEN 128 ELSE 0 END,
        e_prev, e_auth, rm.notify_seq, e_thread, e_at, e_end, e_relates, e_rel, e_pdu);
    IF e_relates IS NOT NULL THEN
      UPDATE events SET flags = flags | 128
        WHERE event_id = e_relates AND room = e_room AND flags & 128 = 0;
    END IF;
  ELSE
    UPDATE events SET line = p_line, sidx = p_idx, flags = e_flags | flags & 132, depth = e_depth,
        now_line = now_l, now_idx = now_i,
        prev = e_prev, auth = e_auth, notify_seq = rm.notify_seq, thread = e_thread
      WHERE pos = e_pos;
    DELETE FROM event_missing WHERE ev = e_pos;
    IF counts AND in_log THEN
      INSERT INTO late_events (pos, ev, room) VALUES (log_pos, e_pos, e_room);
    END IF;
  END IF;
  INSERT INTO event_missing (ev, event_id, is_auth)
    SELECT e_pos, q.id, q.auth FROM unnest(q_id, q_auth) AS q(id, auth) ON CONFLICT DO NOTHING;
  INSERT INTO state_log (line, idx, key, ev, prev_ev)
    SELECT CASE WHEN w.line < 0 THEN made[-w.line] ELSE w.line END, w.idx, w.key,
      CASE WHEN w.ev = 0 THEN e_pos ELSE w.ev END, CASE WHEN w.prev = 0 THEN e_pos ELSE w.prev END
    FROM unnest(r_line, r_idx, r_key, r_ev, r_prev) AS w(line, idx, key, ev, prev);

  IF counts THEN
    log_pos := coalesce(log_pos, e_pos);
    DELETE FROM room_state WHERE room = e_room AND key IN (
      SELECT w.key FROM unnest(s_key, s_ev) AS w(key, ev) WHERE w.ev IS NULL);
    INSERT INTO room_state (room, key, ev, pos)
      SELECT e_room, w.key, CASE WHEN w.ev = 0 THEN e_pos ELSE w.ev END, log_pos
      FROM unnest(s_key, s_ev) AS w(key, ev) WHERE w.ev IS NOT NULL
      ON CONFLICT (room, key) DO UPDATE SET ev = excluded.ev, pos = excluded.pos;
    INSERT INTO memberships (room, user_key, membership, pos)
      SELECT e_room, w.user_key, w.membership, log_pos
      FROM unnest(m_user, m_membership) AS w(user_key, membership)
      ON CONFLICT (user_key, room) DO UPDATE
        SET membership = excluded.membership, pos = excluded.pos,
          forgotten = memberships.forgotten AND excluded.membership IN ('leave', 'ban');
    rm.extremities := ARRAY(SELECT CASE WHEN x = 0 THEN e_pos ELSE x END FROM unnest(x_next) AS x);
    INSERT INTO rooms (key, room_id, version, created_ts, extremities, state_version, line, idx,
        last_pos, notify_seq)
      VALUES (e_room, coalesce(n_id, rm.room_id), coalesce(n_version, rm.version), now_ts,
        rm.extremities, coalesce(rm.state_version, 0) + (cardinality(s_key) > 0)::int, c_line, c_idx,
        log_pos, rm.notify_seq)
      ON CONFLICT (key) DO UPDATE
        SET extremities = excluded.extremities, state_version = excluded.state_version,
          line = excluded.line, idx = excluded.idx, last_pos = excluded.last_pos,
          notify_seq = excluded.notify_seq;
    INSERT INTO highlights (user_key, room, pos)
      SELECT u, e_room, log_pos FROM unnest(h_user) AS u ON CONFLICT DO NOTHING;
    INSERT INTO read_state (user_key, room, read_pos, notify_seq)
      VALUES (e_sender, e_room, log_pos, rm.notify_seq)
      ON CONFLICT (user_key, room) DO UPDATE
        SET read_pos = excluded.read_pos, notify_seq = excluded.notify_seq
        WHERE read_state.read_pos < excluded.read_pos;
    IF e_redacts IS NOT NULL THEN
      UPDATE events SET redacted_by = e_pos, flags = flags | 4
        WHERE pos = e_redacts AND redacted_by IS NULL;
    END IF;
  END IF;
  IF log_pos = head AND NOT pg_try_advisory_xact_lock(${WORKERS_LOCK}) THEN
    PERFORM pg_notify('hearth_log', head::text);
  END IF;
END $$`
