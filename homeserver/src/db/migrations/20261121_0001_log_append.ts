/**
 * Held by every transaction that gives out positions, until its commit is flushed and visible:
 * so positions become visible in their order.
 */
export const STREAM_LOCK = 4_820_001

/**
 * Appends a batch of atomic groups and is the only writer of tables with positions.
 *
 * Items of one kind arrive as parallel arrays; `g` is the item's group, numbered from 1. Groups
 * with events are sorted by room (ascending keys), so that one room is in hand at a time and rooms
 * are locked in key order. `e_prev` and `e_auth` are array literals of positions; a number from
 * 2^52 on is a reference to event (number - 2^52) of this batch, and `e_refs` has bit 1 (2) when
 * `e_prev` (`e_auth`) has such references, as have `e_redacts` and `e_thread`.
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
  e_device bigint[], e_txn text[], e_txn_id text[], e_at int[], e_end int[], e_pdu text[],
  h_event int[], h_user bigint[],
  c_g int[], c_room bigint[], c_user bigint[], c_type text[], c_thread text[], c_ev bigint[],
  c_ts bigint[],
  a_g int[], a_user bigint[], a_room bigint[], a_type text[], a_content text[],
  i_g int[], i_kind text[], i_key text[],
  OUT base bigint, OUT head bigint, OUT g_outcome int[], OUT g_event text[],
  OUT e_pos bigint[], OUT e_seq int[], OUT e_line bigint[], OUT e_sidx int[],
  OUT e_replaces bigint[], OUT e_redacted bigint[],
  OUT c_pos bigint[], OUT a_pos bigint[], OUT i_pos bigint[]
) LANGUAGE plpgsql AS $$
DECLARE
  ref_base CONSTANT bigint := 4503599627370496;
  event_count int := cardinality(e_id);
  n bigint := 0;
  e record;
  parents bigint[];
  parent_text text[] := array_fill(NULL::text, ARRAY[event_count]);
  auth_text text[] := array_fill(NULL::text, ARRAY[event_count]);
  any_state boolean := false;
  failed boolean;
  cur_group int := 0;
  cur_room bigint;
  -- the room in hand, and what it was before the group in hand
  known boolean; r_ext bigint[]; r_version bigint; r_line bigint; r_idx int; r_last bigint; r_seq int;
  b_known boolean; b_ext bigint[]; b_version bigint; b_line bigint; b_idx int; b_last bigint;
  b_seq int; b_n bigint;
  -- finished rooms
  f_room bigint[] := '{}'; f_ext text[] := '{}'; f_version bigint[] := '{}'; f_line bigint[] := '{}';
  f_idx int[] := '{}'; f_last bigint[] := '{}'; f_seq int[] := '{}';
BEGIN
  PERFORM pg_advisory_xact_lock(${STREAM_LOCK});
  SELECT last_pos INTO base FROM stream;
  g_outcome := array_fill(0, ARRAY[group_count]);
  g_event := array_fill(NULL::text, ARRAY[group_count]);
  e_pos := array_fill(NULL::bigint, ARRAY[event_count]);
  e_seq := array_fill(NULL::int, ARRAY[event_count]);
  e_line := array_fill(NULL::bigint, ARRAY[event_count]);
  e_sidx := array_fill(NULL::int, ARRAY[event_count]);

  IF event_count > 0 THEN
    FOR e IN
      SELECT u.*, x.pos AS there, t.pos AS txn_pos
      FROM unnest(e_g, e_room, e_id, e_key, e_flags, e_version, e_prev, e_auth, e_refs, e_device, e_txn)
        WITH ORDINALITY AS u(g, room, id, key, flags, version, prev, auth, refs, device, txn, i)
      LEFT JOIN events x ON x.event_id = u.id
      LEFT JOIN txns t ON t.device = u.device AND t.key = u.txn
      ORDER BY u.i
    LOOP
      IF e.g <> cur_group THEN
        IF e.room IS DISTINCT FROM cur_room THEN
          IF known AND r_last > base THEN
            f_room := f_room || cur_room; f_ext := f_ext || r_ext::text;
            f_version := f_version || r_version; f_line := f_line || r_line; f_idx := f_idx || r_idx;
            f_last := f_last || r_last; f_seq := f_seq || r_seq;
          END IF;
          cur_room := e.room;
          SELECT true, extremities, state_version, line, idx, last_pos, notify_seq
            INTO known, r_ext, r_version, r_line, r_idx, r_last, r_seq
            FROM rooms WHERE key = cur_room;
          known := coalesce(known, false);
        END IF;
        cur_group := e.g;
        failed := false;
        b_n := n; b_known := known; b_ext := r_ext; b_version := r_version; b_line := r_line;
        b_idx := r_idx; b_last := r_last; b_seq := r_seq;
        IF e.there IS NOT NULL THEN
          g_outcome[e.g] := 1;
        ELSIF e.txn_pos IS NOT NULL THEN
          g_outcome[e.g] := 2;
          g_event[e.g] := (SELECT x.event_id FROM events x WHERE x.pos = e.txn_pos);
        ELSIF e.g = ANY (n_g) THEN
          IF known THEN
            failed := true;
          ELSE
            known := true; r_ext := '{}'; r_version := 0; r_idx := 0; r_last := 0; r_seq := 0;
            r_line := nextval(pg_get_serial_sequence('state_lines', 'line'));
          END IF;
        ELSIF NOT known THEN
          failed := true;
        END IF;
      END IF;

      IF g_outcome[e.g] = 1 THEN
        e_pos[e.i] := e.there;
        CONTINUE;
      END IF;
      CONTINUE WHEN g_outcome[e.g] <> 0;

      failed := failed OR e.there IS NOT NULL OR e.txn_pos IS NOT NULL
        OR coalesce(e.version <> r_version, NOT e.g = ANY (n_g));
      IF NOT failed THEN
        parents := e.prev::bigint[];
        IF e.refs & 1 <> 0 THEN
          FOR j IN 1 .. cardinality(parents) LOOP
            IF parents[j] >= ref_base THEN
              parents[j] := e_pos[(parents[j] - ref_base)::int];
              failed := failed OR parents[j] IS NULL;
            END IF;
          END LOOP;
        END IF;
        failed := failed OR
          (e.key IS NOT NULL AND e.flags & 3 = 0 AND NOT (parents @> r_ext AND parents <@ r_ext));
      END IF;
      IF failed THEN
        g_outcome[e.g] := 3;
        n := b_n; known := b_known; r_ext := b_ext; r_version := b_version; r_line := b_line;
        r_idx := b_idx; r_last := b_last; r_seq := b_seq;
        FOR j IN REVERSE e.i::int - 1 .. 1 LOOP
          EXIT WHEN e_g[j] <> e.g;
          e_pos[j] := NULL;
        END LOOP;
        CONTINUE;
      END IF;

      n := n + 1;
      e_pos[e.i] := base + n;
      IF e.flags & 3 = 0 THEN
        FOR j IN 1 .. cardinality(parents) LOOP
          r_ext := array_remove(r_ext, parents[j]);
        END LOOP;
        r_ext := r_ext || (base + n);
        r_last := base + n;
        IF e.key IS NOT NULL THEN
          any_state := true;
          r_version := r_version + 1;
          r_idx := r_idx + 1;
        END IF;
        IF e.flags & 32 <> 0 THEN
          r_seq := r_seq + 1;
        END IF;
      END IF;
      e_seq[e.i] := r_seq;
      e_line[e.i] := r_line;
      e_sidx[e.i] := r_idx;
      parent_text[e.i] := parents::text;
      IF e.refs & 2 = 0 THEN
        auth_text[e.i] := e.auth;
      ELSE
        auth_text[e.i] := (
          SELECT array_agg(CASE WHEN p >= ref_base THEN e_pos[(p - ref_base)::int] ELSE p END)::text
          FROM unnest(e.auth::bigint[]) p);
      END IF;
    END LOOP;
    IF known AND r_last > base THEN
      f_room := f_room || cur_room; f_ext := f_ext || r_ext::text;
      f_version := f_version || r_version; f_line := f_line || r_line; f_idx := f_idx || r_idx;
      f_last := f_last || r_last; f_seq := f_seq || r_seq;
    END IF;
  END IF;

  -- an unchanged receipt or text gets no position and wakes nobody
  IF cardinality(c_g) > 0 THEN
    SELECT array_agg(CASE WHEN m.moves THEN base + n + m.rank END ORDER BY m.i), n + max(m.rank)
      INTO c_pos, n
      FROM (SELECT w.i, w.moves, count(*) FILTER (WHERE w.moves) OVER (ORDER BY w.i) AS rank
        FROM (SELECT u.i, g_outcome[u.g] = 0 AND (r.ev IS NULL OR r.ev < u.ev) AS moves
          FROM unnest(c_g, c_room, c_user, c_type, c_thread, c_ev)
            WITH ORDINALITY AS u(g, room, user_key, type, thread, ev, i)
          LEFT JOIN receipts r ON r.room = u.room AND r.user_key = u.user_key
            AND r.type = u.type AND r.thread = u.thread) w) m;
  END IF;
  IF cardinality(a_g) > 0 THEN
    SELECT array_agg(CASE WHEN m.moves THEN base + n + m.rank END ORDER BY m.i), n + max(m.rank)
      INTO a_pos, n
      FROM (SELECT w.i, w.moves, count(*) FILTER (WHERE w.moves) OVER (ORDER BY w.i) AS rank
        FROM (SELECT u.i, g_outcome[u.g] = 0 AND coalesce(d.content, '{}') <> u.content AS moves
          FROM unnest(a_g, a_user, a_room, a_type, a_content)
            WITH ORDINALITY AS u(g, user_key, room, type, content, i)
          LEFT JOIN account_data d ON d.user_key = u.user_key AND d.room = u.room
            AND d.type = u.type) w) m;
  END IF;
  IF cardinality(i_g) > 0 THEN
    SELECT array_agg(CASE WHEN m.moves THEN base + n + m.rank END ORDER BY m.i), n + max(m.rank)
      INTO i_pos, n
      FROM (SELECT u.i, g_outcome[u.g] = 0 AS moves,
          count(*) FILTER (WHERE g_outcome[u.g] = 0) OVER (ORDER BY u.i) AS rank
        FROM unnest(i_g) WITH ORDINALITY AS u(g, i)) m;
  END IF;

  head := base + n;
  IF n = 0 THEN
    RETURN;
  END IF;
  UPDATE stream SET last_pos = head;

  IF cardinality(f_room) > 0 THEN
    IF any_state THEN
      SELECT array_agg(s.replaces ORDER BY s.i) INTO e_replaces
        FROM (SELECT u.i, CASE WHEN u.accepted THEN coalesce(
            lag(u.pos) OVER (PARTITION BY u.accepted, u.room, u.key ORDER BY u.i), rs.ev) END AS replaces
          FROM (SELECT v.*, v.pos > base AND v.key IS NOT NULL AND v.flags & 3 = 0 AS accepted
            FROM unnest(e_pos, e_room, e_key, e_flags) WITH ORDINALITY AS v(pos, room, key, flags, i)) u
          LEFT JOIN room_state rs ON rs.room = u.room AND rs.key = u.key) s;
      INSERT INTO state_lines (line, room)
        SELECT f.line, f.room FROM unnest(f_line, f_room) AS f(line, room)
        WHERE EXISTS (SELECT FROM unnest(n_room, n_g) AS m(room, g)
          WHERE m.room = f.room AND g_outcome[m.g] = 0);
      INSERT INTO state_log (line, idx, key, ev, prev_ev)
        SELECT u.line, u.idx, u.key, u.pos, u.replaces
        FROM unnest(e_pos, e_line, e_sidx, e_key, e_flags, e_replaces)
          AS u(pos, line, idx, key, flags, replaces)
        WHERE u.pos > base AND u.key IS NOT NULL AND u.flags & 3 = 0;
      INSERT INTO room_state (room, key, ev, pos)
        SELECT DISTINCT ON (u.room, u.key) u.room, u.key, u.pos, u.pos
        FROM unnest(e_pos, e_room, e_key, e_flags) AS u(pos, room, key, flags)
        WHERE u.pos > base AND u.key IS NOT NULL AND u.flags & 3 = 0
        ORDER BY u.room, u.key, u.pos DESC
        ON CONFLICT (room, key) DO UPDATE SET ev = excluded.ev, pos = excluded.pos;
      INSERT INTO memberships (room, user_key, membership, pos)
        SELECT DISTINCT ON (u.room, u.member) u.room, u.member, u.membership, u.pos
        FROM unnest(e_pos, e_room, e_member, e_membership, e_flags)
          AS u(pos, room, member, membership, flags)
        WHERE u.pos > base AND u.member IS NOT NULL AND u.flags & 3 = 0
        ORDER BY u.room, u.member, u.pos DESC
        ON CONFLICT (user_key, room) DO UPDATE
          SET membership = excluded.membership, pos = excluded.pos, forgotten = false;
    END IF;
    IF cardinality(n_g) > 0 THEN
      INSERT INTO rooms (key, room_id, version, created_ts, extremities, state_version, line, idx,
          last_pos, notify_seq)
        SELECT f.room, m.id, m.version, now_ts, f.ext::bigint[], f.version, f.line, f.idx, f.last, f.seq
        FROM unnest(f_room, f_ext, f_version, f_line, f_idx, f_last, f_seq)
          AS f(room, ext, version, line, idx, last, seq)
        JOIN unnest(n_g, n_room, n_id, n_version) AS m(g, room, id, version)
          ON m.room = f.room AND g_outcome[m.g] = 0;
    END IF;
    UPDATE rooms SET extremities = f.ext::bigint[], state_version = f.version, line = f.line,
        idx = f.idx, last_pos = f.last, notify_seq = f.seq
      FROM unnest(f_room, f_ext, f_version, f_line, f_idx, f_last, f_seq)
        AS f(room, ext, version, line, idx, last, seq)
      WHERE rooms.key = f.room AND rooms.last_pos < f.last;
  END IF;

  IF event_count > 0 THEN
    INSERT INTO events (pos, room, event_id, type, sender, state_key, depth, ts, line, sidx, flags,
        prev, auth, notify_seq, thread, c_at, c_end, pdu)
      SELECT u.pos, u.room, u.id, u.type, u.sender, u.key, u.depth, u.ts, u.line, u.sidx, u.flags,
        u.prev::bigint[], u.auth::bigint[], u.seq,
        CASE WHEN u.thread >= ref_base THEN e_pos[(u.thread - ref_base)::int] ELSE u.thread END,
        u.at, u.stop, u.pdu
      FROM unnest(e_pos, e_room, e_id, e_type, e_sender, e_key, e_depth, e_ts, e_line, e_sidx,
          e_flags, parent_text, auth_text, e_seq, e_thread, e_at, e_end, e_pdu)
        AS u(pos, room, id, type, sender, key, depth, ts, line, sidx, flags, prev, auth, seq,
          thread, at, stop, pdu)
      WHERE u.pos > base;
    INSERT INTO txns (device, key, id, pos, created_ts)
      SELECT u.device, u.key, u.id, u.pos, now_ts
      FROM unnest(e_pos, e_device, e_txn, e_txn_id) AS u(pos, device, key, id)
      WHERE u.pos > base AND u.device IS NOT NULL;
    IF cardinality(h_event) > 0 THEN
      INSERT INTO highlights (user_key, room, pos)
        SELECT h.user_key, e_room[h.i], e_pos[h.i] FROM unnest(h_event, h_user) AS h(i, user_key)
        WHERE e_pos[h.i] > base
        ON CONFLICT DO NOTHING;
    END IF;
    -- who writes has read
    INSERT INTO read_state (user_key, room, read_pos, notify_seq)
      SELECT u.sender, u.room, max(u.pos), max(u.seq)
      FROM unnest(e_pos, e_room, e_sender, e_seq, e_flags) AS u(pos, room, sender, seq, flags)
      WHERE u.pos > base AND u.flags & 3 = 0
      GROUP BY u.sender, u.room
      ON CONFLICT (user_key, room) DO UPDATE
        SET read_pos = excluded.read_pos, notify_seq = excluded.notify_seq
        WHERE read_state.read_pos < excluded.read_pos;
    IF EXISTS (SELECT FROM unnest(e_redacts) r WHERE r IS NOT NULL) THEN
      WITH wanted AS (
        SELECT DISTINCT ON (w.target) w.target, w.by, w.i
        FROM (SELECT u.pos AS by, u.i,
            CASE WHEN u.redacts >= ref_base THEN e_pos[(u.redacts - ref_base)::int] ELSE u.redacts END
              AS target
          FROM unnest(e_pos, e_redacts, e_flags) WITH ORDINALITY AS u(pos, redacts, flags, i)
          WHERE u.pos > base AND u.redacts IS NOT NULL AND u.flags & 3 = 0) w
        ORDER BY w.target, w.i),
      done AS (
        UPDATE events SET redacted_by = wanted.by, flags = events.flags | 4
        FROM wanted WHERE events.pos = wanted.target AND events.redacted_by IS NULL
        RETURNING wanted.i, wanted.target)
      SELECT array_agg(done.target ORDER BY u.i) INTO e_redacted
        FROM unnest(e_pos) WITH ORDINALITY AS u(pos, i) LEFT JOIN done ON done.i = u.i;
    END IF;
  END IF;

  IF cardinality(c_g) > 0 THEN
    INSERT INTO receipts (room, user_key, type, thread, ev, ts, pos)
      SELECT u.room, u.user_key, u.type, u.thread, u.ev, u.ts, u.pos
      FROM unnest(c_pos, c_room, c_user, c_type, c_thread, c_ev, c_ts)
        AS u(pos, room, user_key, type, thread, ev, ts)
      WHERE u.pos IS NOT NULL
      ON CONFLICT (room, user_key, type, thread) DO UPDATE
        SET ev = excluded.ev, ts = excluded.ts, pos = excluded.pos;
    INSERT INTO read_state (user_key, room, read_pos, notify_seq)
      SELECT u.user_key, u.room, max(u.ev), max(x.notify_seq)
      FROM unnest(c_pos, c_room, c_user, c_thread, c_ev) AS u(pos, room, user_key, thread, ev)
      JOIN events x ON x.pos = u.ev AND x.room = u.room
      WHERE u.pos IS NOT NULL AND u.thread = '' AND x.notify_seq IS NOT NULL
      GROUP BY u.user_key, u.room
      ON CONFLICT (user_key, room) DO UPDATE
        SET read_pos = excluded.read_pos, notify_seq = excluded.notify_seq
        WHERE read_state.read_pos < excluded.read_pos;
  END IF;
  IF cardinality(a_g) > 0 THEN
    INSERT INTO account_data (user_key, room, type, content, pos)
      SELECT u.user_key, u.room, u.type, u.content, u.pos
      FROM unnest(a_pos, a_user, a_room, a_type, a_content) AS u(pos, user_key, room, type, content)
      WHERE u.pos IS NOT NULL
      ON CONFLICT (user_key, room, type) DO UPDATE
        SET content = excluded.content, pos = excluded.pos;
  END IF;
  IF cardinality(i_g) > 0 THEN
    INSERT INTO invalidations (pos, kind, key, created_ts)
      SELECT u.pos, u.kind, u.key, now_ts
      FROM unnest(i_pos, i_kind, i_key) AS u(pos, kind, key)
      WHERE u.pos IS NOT NULL;
  END IF;
  PERFORM pg_notify('hearth_log', head::text);
END $$`
