import { STREAM_LOCK, WORKERS_LOCK } from './locks.ts'

/**
 * Appends a batch of atomic groups and is the only writer of tables with positions.
 *
 * Items of one kind arrive as parallel arrays; `g` is the item's group, numbered from 1. Groups
 * with events are sorted by room (ascending keys), so that one room is in hand at a time and rooms
 * are locked in key order. `e_prev` and `e_auth` are array literals of positions; a number from
 * 2^52 on is a reference to event (number - 2^52) of this batch, and `e_refs` has bit 1 (2) when
 * `e_prev` (`e_auth`) has such references, as have `e_redacts` and `e_thread`.
 *
 * `t_…` are requests with messages to devices, `m_…` their messages; `m_item` is the request, numbered
 * from 1, and `m_reached` the devices that got one.
 *
 * No two groups of a batch share an event id, transaction key, receipt or account data key.
 *
 * Outcomes per group: 0 ok, 1 was there already (the same items sent again), 2 duplicate
 * transaction (`g_event` is its event), 3 conflict. Items get positions only in groups with 0, in
 * groups with 1 the old positions are returned.
 */
export const hsAppend = `
CREATE FUNCTION hs_append(
  now_ts bigint, group_count int,
  n_g int[], n_room bigint[], n_id text[], n_version text[],
  e_g int[], e_room bigint[], e_id text[], e_type int[], e_sender bigint[], e_key int[],
  e_depth bigint[], e_ts bigint[], e_flags int[], e_version bigint[], e_prev text[], e_auth text[],
  e_refs int[], e_redacts bigint[], e_thread bigint[], e_member bigint[], e_membership text[],
  e_device bigint[], e_txn text[], e_txn_id text[], e_at int[], e_end int[],
  e_relates text[], e_rel text[], e_pdu text[],
  h_event int[], h_user bigint[],
  c_g int[], c_room bigint[], c_user bigint[], c_type text[], c_thread text[], c_ev bigint[],
  c_ts bigint[],
  a_g int[], a_user bigint[], a_room bigint[], a_type text[], a_content text[],
  t_g int[], t_device bigint[], t_txn text[], t_txn_id text[],
  m_item int[], m_device bigint[], m_event text[],
  i_g int[], i_kind text[], i_key text[],
  OUT base bigint, OUT head bigint, OUT g_outcome int[], OUT g_event text[],
  OUT e_pos bigint[], OUT e_seq int[], OUT e_line bigint[], OUT e_sidx int[],
  OUT e_replaces bigint[], OUT e_redacted bigint[],
  OUT c_pos bigint[], OUT a_pos bigint[], OUT t_pos bigint[], OUT m_reached bigint[],
  OUT i_pos bigint[]
) LANGUAGE plpgsql AS $$
DECLARE
  ref_base CONSTANT bigint := 4503599627370496;
  event_count int := cardinality(e_id);
  n bigint := 0;
  e record;
  i int;
  g int := 0;
  parents bigint[];
  parent_text text[];
  auth_text text[];
  any_state boolean := false;
  any_txn boolean := false;
  any_redaction boolean := false;
  failed boolean;
  rm rooms%ROWTYPE; -- the room in hand; its key is NULL while it does not exist
  was rooms%ROWTYPE; -- the same before the group in hand
  was_n bigint;
  room_now bigint;
  changed rooms[];
BEGIN
  PERFORM pg_advisory_xact_lock(${STREAM_LOCK});
  SELECT last_pos INTO base FROM stream;
  g_outcome := array_fill(0, ARRAY[group_count]);

  IF event_count > 0 THEN
    e_seq := array_fill(NULL::int, ARRAY[event_count]);
    e_sidx := e_seq;
    e_line := e_seq;
    e_pos := e_line;
    FOR e IN
      SELECT s.i, x.pos AS there, t.pos AS txn_pos
      FROM generate_series(1, event_count) AS s(i)
      LEFT JOIN events x ON x.event_id = e_id[s.i]
      LEFT JOIN txns t ON t.device = e_device[s.i] AND t.key = e_txn[s.i]
      ORDER BY s.i
    LOOP
      i := e.i;
      IF g <> e_g[i] THEN
        g := e_g[i];
        failed := false;
        IF room_now IS DISTINCT FROM e_room[i] THEN
          IF rm.last_pos > base THEN
            changed := changed || rm;
          END IF;
          room_now := e_room[i];
          SELECT * INTO rm FROM rooms WHERE key = room_now;
        END IF;
        was := rm;
        was_n := n;
        IF e.there IS NOT NULL THEN
          g_outcome[g] := 1;
        ELSIF e.txn_pos IS NOT NULL THEN
          g_outcome[g] := 2;
          g_event := coalesce(g_event, array_fill(NULL::text, ARRAY[group_count]));
          g_event[g] := (SELECT x.event_id FROM events x WHERE x.pos = e.txn_pos);
        ELSIF g = ANY (n_g) THEN
          failed := rm.key IS NOT NULL;
          IF NOT failed THEN
            rm := (room_now, n_id[array_position(n_g, g)], n_version[array_position(n_g, g)], now_ts,
              '{}', 0, nextval(pg_get_serial_sequence('state_lines', 'line')), 0, 0, 0);
          END IF;
        ELSE
          failed := rm.key IS NULL;
        END IF;
      END IF;

      IF g_outcome[g] <> 0 THEN
        IF g_outcome[g] = 1 THEN
          e_pos[i] := e.there;
        END IF;
        CONTINUE;
      END IF;

      failed := failed OR e.there IS NOT NULL OR e.txn_pos IS NOT NULL
        OR coalesce(e_version[i] <> rm.state_version, NOT g = ANY (n_g));
      IF NOT failed THEN
        parents := e_prev[i];
        IF e_refs[i] & 1 <> 0 THEN
          FOR j IN 1 .. cardinality(parents) LOOP
            IF parents[j] >= ref_base THEN
              parents[j] := e_pos[(parents[j] - ref_base)::int];
              failed := failed OR parents[j] IS NULL;
            END IF;
          END LOOP;
        END IF;
        failed := failed OR (e_key[i] IS NOT NULL AND e_flags[i] & 3 = 0
          AND NOT (parents @> rm.extremities AND parents <@ rm.extremities));
      END IF;
      IF failed THEN
        g_outcome[g] := 3;
        n := was_n;
        rm := was;
        FOR j IN REVERSE i - 1 .. 1 LOOP
          EXIT WHEN e_g[j] <> g;
          e_pos[j] := NULL;
        END LOOP;
        CONTINUE;
      END IF;

      n := n + 1;
      e_pos[i] := base + n;
      parent_text[i] := parents;
      IF e_refs[i] & 2 = 0 THEN
        auth_text[i] := e_auth[i];
      ELSE
        auth_text[i] := (
          SELECT array_agg(CASE WHEN p >= ref_base THEN e_pos[(p - ref_base)::int] ELSE p END)::text
          FROM unnest(e_auth[i]::bigint[]) p);
      END IF;
      any_txn := any_txn OR e_device[i] IS NOT NULL;
      IF e_flags[i] & 3 = 0 THEN
        FOR j IN 1 .. cardinality(parents) LOOP
          rm.extremities := array_remove(rm.extremities, parents[j]);
        END LOOP;
        rm.extremities := rm.extremities || (base + n);
        rm.last_pos := base + n;
        IF e_key[i] IS NOT NULL THEN
          any_state := true;
          rm.state_version := rm.state_version + 1;
          rm.idx := rm.idx + 1;
        END IF;
        IF e_flags[i] & 32 <> 0 THEN
          rm.notify_seq := rm.notify_seq + 1;
        END IF;
        any_redaction := any_redaction OR e_redacts[i] IS NOT NULL;
      END IF;
      e_seq[i] := rm.notify_seq;
      e_line[i] := rm.line;
      e_sidx[i] := rm.idx;
    END LOOP;
    IF rm.last_pos > base THEN
      changed := changed || rm;
    END IF;
  END IF;

  -- an unchanged receipt or text and a known transaction get no position and wake nobody
  IF cardinality(c_g) > 0 THEN
    SELECT array_agg(CASE WHEN m.moves THEN base + n + m.rank END ORDER BY m.j), n + max(m.rank)
      INTO c_pos, n
      FROM (SELECT w.j, w.moves, count(*) FILTER (WHERE w.moves) OVER (ORDER BY w.j) AS rank
        FROM (SELECT s.j, g_outcome[c_g[s.j]] = 0 AND (r.ev IS NULL OR r.ev < c_ev[s.j]) AS moves
          FROM generate_series(1, cardinality(c_g)) AS s(j)
          LEFT JOIN receipts r ON r.room = c_room[s.j] AND r.user_key = c_user[s.j]
            AND r.type = c_type[s.j] AND r.thread = c_thread[s.j]) w) m;
  END IF;
  IF cardinality(a_g) > 0 THEN
    SELECT array_agg(CASE WHEN m.moves THEN base + n + m.rank END ORDER BY m.j), n + max(m.rank)
      INTO a_pos, n
      FROM (SELECT w.j, w.moves, count(*) FILTER (WHERE w.moves) OVER (ORDER BY w.j) AS rank
        FROM (SELECT s.j,
            g_outcome[a_g[s.j]] = 0 AND coalesce(d.content, '{}') <> a_content[s.j] AS moves
          FROM generate_series(1, cardinality(a_g)) AS s(j)
          LEFT JOIN account_data d ON d.user_key = a_user[s.j] AND d.room = a_room[s.j]
            AND d.type = a_type[s.j]) w) m;
  END IF;
  IF cardinality(t_g) > 0 THEN
    SELECT array_agg(CASE WHEN m.moves THEN base + n + m.rank END ORDER BY m.j), n + max(m.rank)
      INTO t_pos, n
      FROM (SELECT w.j, w.moves, count(*) FILTER (WHERE w.moves) OVER (ORDER BY w.j) AS rank
        FROM (SELECT s.j, g_outcome[t_g[s.j]] = 0 AND t.pos IS NULL AS moves
          FROM generate_series(1, cardinality(t_g)) AS s(j)
          LEFT JOIN txns t ON t.device = t_device[s.j] AND t.key = t_txn[s.j]) w) m;
  END IF;
  IF cardinality(i_g) > 0 THEN
    SELECT array_agg(CASE WHEN m.moves THEN base + n + m.rank END ORDER BY m.j), n + max(m.rank)
      INTO i_pos, n
      FROM (SELECT s.j, g_outcome[i_g[s.j]] = 0 AS moves,
          count(*) FILTER (WHERE g_outcome[i_g[s.j]] = 0) OVER (ORDER BY s.j) AS rank
        FROM generate_series(1, cardinality(i_g)) AS s(j)) m;
  END IF;

  head := base + n;
  IF n = 0 THEN
    RETURN;
  END IF;
  UPDATE stream SET last_pos = head;

  IF any_state THEN
    SELECT array_agg(s.replaces ORDER BY s.i) INTO e_replaces
      FROM (SELECT u.i, CASE WHEN u.accepted THEN coalesce(
          lag(e_pos[u.i]) OVER (PARTITION BY u.accepted, e_room[u.i], e_key[u.i] ORDER BY u.i),
          rs.ev) END AS replaces
        FROM (SELECT j AS i, e_pos[j] > base AND e_key[j] IS NOT NULL AND e_flags[j] & 3 = 0
            AS accepted FROM generate_series(1, event_count) j) u
        LEFT JOIN room_state rs ON rs.room = e_room[u.i] AND rs.key = e_key[u.i]) s;
    INSERT INTO state_lines (line, room)
      SELECT c.line, c.key FROM unnest(changed) c
      WHERE NOT EXISTS (SELECT FROM state_lines l WHERE l.line = c.line);
    INSERT INTO state_log (line, idx, key, ev, prev_ev)
      SELECT e_line[j], e_sidx[j], e_key[j], e_pos[j], e_replaces[j]
      FROM generate_series(1, event_count) j
      WHERE e_pos[j] > base AND e_key[j] IS NOT NULL AND e_flags[j] & 3 = 0;
    INSERT INTO room_state (room, key, ev, pos)
      SELECT e_room[j], e_key[j], max(e_pos[j]), max(e_pos[j])
      FROM generate_series(1, event_count) j
      WHERE e_pos[j] > base AND e_key[j] IS NOT NULL AND e_flags[j] & 3 = 0
      GROUP BY e_room[j], e_key[j]
      ON CONFLICT (room, key) DO UPDATE SET ev = excluded.ev, pos = excluded.pos;
    INSERT INTO memberships (room, user_key, membership, pos)
      SELECT DISTINCT ON (e_room[j], e_member[j]) e_room[j], e_member[j], e_membership[j], e_pos[j]
      FROM generate_series(1, event_count) j
      WHERE e_pos[j] > base AND e_member[j] IS NOT NULL AND e_flags[j] & 3 = 0
      ORDER BY e_room[j], e_member[j], e_pos[j] DESC
      ON CONFLICT (user_key, room) DO UPDATE
        SET membership = excluded.membership, pos = excluded.pos,
          forgotten = memberships.forgotten AND excluded.membership IN ('leave', 'ban');
  END IF;
  IF changed IS NOT NULL THEN
    INSERT INTO rooms SELECT c.* FROM unnest(changed) c
      ON CONFLICT (key) DO UPDATE
        SET extremities = excluded.extremities, state_version = excluded.state_version,
          line = excluded.line, idx = excluded.idx, last_pos = excluded.last_pos,
          notify_seq = excluded.notify_seq;
  END IF;

  IF event_count > 0 THEN
    INSERT INTO events (pos, room, event_id, type, sender, state_key, depth, ts, line, sidx, flags,
        prev, auth, notify_seq, thread, c_at, c_end, relates_to, rel_type, pdu)
      SELECT e_pos[j], e_room[j], e_id[j], e_type[j], e_sender[j], e_key[j], e_depth[j], e_ts[j],
        e_line[j], e_sidx[j], e_flags[j], parent_text[j]::bigint[], auth_text[j]::bigint[], e_seq[j],
        CASE WHEN e_thread[j] >= ref_base THEN e_pos[(e_thread[j] - ref_base)::int]
          ELSE e_thread[j] END,
        e_at[j], e_end[j], e_relates[j], e_rel[j], e_pdu[j]
      FROM generate_series(1, event_count) j
      WHERE e_pos[j] > base;
    IF cardinality(array_remove(e_relates, NULL)) > 0 THEN
      UPDATE events SET flags = events.flags | 128
        FROM (SELECT DISTINCT e_room[j] AS room, e_relates[j] AS relates
          FROM generate_series(1, event_count) j
          WHERE e_pos[j] > base AND e_relates[j] IS NOT NULL) w
        WHERE events.event_id = w.relates AND events.room = w.room AND events.flags & 128 = 0;
    END IF;
    IF any_txn THEN
      INSERT INTO txns (device, key, id, pos, created_ts)
        SELECT e_device[j], e_txn[j], e_txn_id[j], e_pos[j], now_ts
        FROM generate_series(1, event_count) j
        WHERE e_pos[j] > base AND e_device[j] IS NOT NULL;
    END IF;
    IF cardinality(h_event) > 0 THEN
      INSERT INTO highlights (user_key, room, pos)
        SELECT h_user[j], e_room[h_event[j]], e_pos[h_event[j]]
        FROM generate_series(1, cardinality(h_event)) j
        WHERE e_pos[h_event[j]] > base
        ON CONFLICT DO NOTHING;
    END IF;
    -- who writes has read
    INSERT INTO read_state (user_key, room, read_pos, notify_seq)
      SELECT e_sender[j], e_room[j], max(e_pos[j]), max(e_seq[j])
      FROM generate_series(1, event_count) j
      WHERE e_pos[j] > base AND e_flags[j] & 3 = 0
      GROUP BY e_sender[j], e_room[j]
      ON CONFLICT (user_key, room) DO UPDATE
        SET read_pos = excluded.read_pos, notify_seq = excluded.notify_seq
        WHERE read_state.read_pos < excluded.read_pos;
    IF any_redaction THEN
      WITH wanted AS (
        SELECT DISTINCT ON (w.target) w.target, w.by, w.i
        FROM (SELECT e_pos[j] AS by, j AS i, CASE WHEN e_redacts[j] >= ref_base
              THEN e_pos[(e_redacts[j] - ref_base)::int] ELSE e_redacts[j] END AS target
          FROM generate_series(1, event_count) j
          WHERE e_pos[j] > base AND e_redacts[j] IS NOT NULL AND e_flags[j] & 3 = 0) w
        ORDER BY w.target, w.i),
      done AS (
        UPDATE events SET redacted_by = wanted.by, flags = events.flags | 4
        FROM wanted WHERE events.pos = wanted.target AND events.redacted_by IS NULL
        RETURNING wanted.i, wanted.target)
      SELECT array_agg(done.target ORDER BY s.j) INTO e_redacted
        FROM generate_series(1, event_count) AS s(j) LEFT JOIN done ON done.i = s.j;
    END IF;
  END IF;

  IF cardinality(c_g) > 0 THEN
    INSERT INTO receipts (room, user_key, type, thread, ev, ts, pos)
      SELECT c_room[j], c_user[j], c_type[j], c_thread[j], c_ev[j], c_ts[j], c_pos[j]
      FROM generate_series(1, cardinality(c_g)) j
      WHERE c_pos[j] IS NOT NULL
      ON CONFLICT (room, user_key, type, thread) DO UPDATE
        SET ev = excluded.ev, ts = excluded.ts, pos = excluded.pos;
    INSERT INTO read_state (user_key, room, read_pos, notify_seq)
      SELECT c_user[j], c_room[j], max(c_ev[j]), max(x.notify_seq)
      FROM generate_series(1, cardinality(c_g)) j
      JOIN events x ON x.pos = c_ev[j] AND x.room = c_room[j]
      WHERE c_pos[j] IS NOT NULL AND c_thread[j] = '' AND x.notify_seq IS NOT NULL
      GROUP BY c_user[j], c_room[j]
      ON CONFLICT (user_key, room) DO UPDATE
        SET read_pos = excluded.read_pos, notify_seq = excluded.notify_seq
        WHERE read_state.read_pos < excluded.read_pos;
  END IF;
  IF cardinality(a_g) > 0 THEN
    INSERT INTO account_data (user_key, room, type, content, pos)
      SELECT a_user[j], a_room[j], a_type[j], a_content[j], a_pos[j]
      FROM generate_series(1, cardinality(a_g)) j
      WHERE a_pos[j] IS NOT NULL
      ON CONFLICT (user_key, room, type) DO UPDATE
        SET content = excluded.content, pos = excluded.pos;
  END IF;
  IF cardinality(t_g) > 0 THEN
    INSERT INTO txns (device, key, id, pos, created_ts)
      SELECT t_device[j], t_txn[j], t_txn_id[j], t_pos[j], now_ts
      FROM generate_series(1, cardinality(t_g)) j
      WHERE t_pos[j] IS NOT NULL;
    WITH stored AS (
      INSERT INTO inbox (device, pos, event)
        SELECT m.device, t_pos[m.item], m.event
        FROM unnest(m_item, m_device, m_event) AS m(item, device, event)
        WHERE t_pos[m.item] IS NOT NULL AND EXISTS (SELECT FROM devices d WHERE d.key = m.device)
        RETURNING device)
    SELECT array_agg(DISTINCT stored.device) INTO m_reached FROM stored;
  END IF;
  IF cardinality(i_g) > 0 THEN
    -- told after the device was deleted: no append can have found it since
    DELETE FROM inbox b
      USING (SELECT CASE WHEN u.kind = 'device' THEN u.key::bigint END AS device
        FROM unnest(i_kind, i_key) AS u(kind, key)) ended
      WHERE b.device = ended.device
        AND NOT EXISTS (SELECT FROM devices d WHERE d.key = ended.device);
    INSERT INTO invalidations (pos, kind, key, created_ts)
      SELECT i_pos[j], i_kind[j], i_key[j], now_ts
      FROM generate_series(1, cardinality(i_g)) j
      WHERE i_pos[j] IS NOT NULL;
  END IF;
  IF NOT pg_try_advisory_xact_lock(${WORKERS_LOCK}) THEN
    PERFORM pg_notify('hearth_log', head::text);
  END IF;
END $$`
