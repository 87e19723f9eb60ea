-- {"serverName":"fixture.example","roomId":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","events":["$R2tuzgQi4Z9_YdD4lb-EV0jMfGpidWyVoNoWUJIEMu4","$pyxpzMeTNihCdNtcM4K94-g9DsXV9isalJ1McbnXlrs","$e448U-dZyvODAHETv4s8alAnBw6OY_ZfWvr-r0dpJyM"],"since":"s1_11_x5NfFCX.0","bob":"hearth_NpPLOs5RMGxoAQ6VC9nw0UwY2gp5KrjO86G9nwX3"}

CREATE FUNCTION public.hs_append(now_ts bigint, group_count integer, n_g integer[], n_room bigint[], n_id text[], n_version text[], e_g integer[], e_room bigint[], e_id text[], e_type integer[], e_sender bigint[], e_key integer[], e_depth bigint[], e_ts bigint[], e_flags integer[], e_version bigint[], e_prev text[], e_auth text[], e_refs integer[], e_redacts bigint[], e_thread bigint[], e_member bigint[], e_membership text[], e_device bigint[], e_txn text[], e_txn_id text[], e_at integer[], e_end integer[], e_pdu text[], h_event integer[], h_user bigint[], c_g integer[], c_room bigint[], c_user bigint[], c_type text[], c_thread text[], c_ev bigint[], c_ts bigint[], a_g integer[], a_user bigint[], a_room bigint[], a_type text[], a_content text[], i_g integer[], i_kind text[], i_key text[], OUT base bigint, OUT head bigint, OUT g_outcome integer[], OUT g_event text[], OUT e_pos bigint[], OUT e_seq integer[], OUT e_line bigint[], OUT e_sidx integer[], OUT e_replaces bigint[], OUT e_redacted bigint[], OUT c_pos bigint[], OUT a_pos bigint[], OUT i_pos bigint[]) RETURNS record
    LANGUAGE plpgsql
    AS $$
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
  PERFORM pg_advisory_xact_lock(4820001);
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
  -- an unchanged receipt or text gets no position and wakes nobody
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
        SET membership = excluded.membership, pos = excluded.pos, forgotten = false;
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
        prev, auth, notify_seq, thread, c_at, c_end, pdu)
      SELECT e_pos[j], e_room[j], e_id[j], e_type[j], e_sender[j], e_key[j], e_depth[j], e_ts[j],
        e_line[j], e_sidx[j], e_flags[j], parent_text[j]::bigint[], auth_text[j]::bigint[], e_seq[j],
        CASE WHEN e_thread[j] >= ref_base THEN e_pos[(e_thread[j] - ref_base)::int]
          ELSE e_thread[j] END,
        e_at[j], e_end[j], e_pdu[j]
      FROM generate_series(1, event_count) j
      WHERE e_pos[j] > base;
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
  IF cardinality(i_g) > 0 THEN
    INSERT INTO invalidations (pos, kind, key, created_ts)
      SELECT i_pos[j], i_kind[j], i_key[j], now_ts
      FROM generate_series(1, cardinality(i_g)) j
      WHERE i_pos[j] IS NOT NULL;
  END IF;
  IF NOT pg_try_advisory_xact_lock(4820002) THEN
    PERFORM pg_notify('hearth_log', head::text);
  END IF;
END $$;
CREATE FUNCTION public.hs_check_epoch() RETURNS integer
    LANGUAGE plpgsql
    AS $$
DECLARE
  now_system text;
  now_timeline text;
  was stream%ROWTYPE;
BEGIN
  SELECT system_identifier::text INTO now_system FROM pg_control_system();
  now_timeline := left(pg_walfile_name(pg_current_wal_lsn()), 8);
  SELECT * INTO was FROM stream;
  IF was.system_identifier = now_system AND was.timeline = now_timeline THEN
    RETURN was.tag;
  END IF;
  PERFORM pg_advisory_xact_lock(4820001);
  SELECT * INTO was FROM stream;
  IF was.system_identifier = now_system AND was.timeline = now_timeline THEN
    RETURN was.tag;
  END IF;
  IF was.system_identifier IS NOT NULL THEN
    was.tag := was.tag + 1;
    INSERT INTO epochs (tag, start_pos, reason) VALUES (was.tag, was.last_pos,
      CASE WHEN was.system_identifier = now_system THEN 'timeline' ELSE 'cluster' END);
  END IF;
  UPDATE stream SET tag = was.tag, system_identifier = now_system, timeline = now_timeline;
  RETURN was.tag;
END $$;
CREATE TABLE public.access_tokens (
    hash bytea NOT NULL,
    device_key bigint NOT NULL,
    created_ts bigint NOT NULL
);
CREATE TABLE public.account_data (
    user_key bigint NOT NULL,
    room bigint NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    content text NOT NULL,
    pos bigint NOT NULL
);
CREATE TABLE public.accounts (
    user_key bigint NOT NULL,
    user_id text NOT NULL COLLATE pg_catalog."C",
    password_hash text,
    admin boolean NOT NULL,
    deactivated boolean DEFAULT false NOT NULL,
    created_ts bigint NOT NULL
);
CREATE TABLE public.devices (
    key bigint NOT NULL,
    user_key bigint NOT NULL,
    device_id text NOT NULL COLLATE pg_catalog."C",
    display_name text,
    created_ts bigint NOT NULL,
    last_seen_ts bigint,
    last_seen_ip text,
    last_seen_user_agent text
);
ALTER TABLE public.devices ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.devices_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.epochs (
    tag integer NOT NULL,
    start_pos bigint NOT NULL,
    reason text NOT NULL
);
CREATE TABLE public.event_missing (
    ev bigint NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C",
    is_auth boolean NOT NULL
);
CREATE TABLE public.event_types (
    key integer NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE public.event_types ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.event_types_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.events (
    pos bigint NOT NULL,
    room bigint NOT NULL,
    event_id text NOT NULL COLLATE pg_catalog."C",
    type integer NOT NULL,
    sender bigint NOT NULL,
    state_key integer,
    depth bigint NOT NULL,
    ts bigint NOT NULL,
    line bigint,
    sidx integer,
    flags integer DEFAULT 0 NOT NULL,
    prev bigint[] NOT NULL,
    auth bigint[] NOT NULL,
    notify_seq integer,
    thread bigint,
    redacted_by bigint,
    c_at integer NOT NULL,
    c_end integer NOT NULL,
    pdu text NOT NULL
);
CREATE TABLE public.filters (
    id bigint NOT NULL,
    user_key bigint NOT NULL,
    hash bytea NOT NULL,
    definition text NOT NULL
);
ALTER TABLE public.filters ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.filters_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.highlights (
    user_key bigint NOT NULL,
    room bigint NOT NULL,
    pos bigint NOT NULL
);
CREATE TABLE public.instance (
    id smallint DEFAULT 1 NOT NULL,
    server_name text NOT NULL COLLATE pg_catalog."C",
    created_ts bigint NOT NULL,
    test_stamp boolean NOT NULL,
    CONSTRAINT instance_id_check CHECK ((id = 1))
);
CREATE TABLE public.invalidations (
    pos bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    key text NOT NULL COLLATE pg_catalog."C",
    created_ts bigint NOT NULL
);
CREATE TABLE public.late_events (
    pos bigint NOT NULL,
    ev bigint NOT NULL
);
CREATE TABLE public.login_tokens (
    hash bytea NOT NULL,
    user_key bigint NOT NULL,
    expires_ts bigint NOT NULL
);
CREATE TABLE public.memberships (
    room bigint NOT NULL,
    user_key bigint NOT NULL,
    membership text NOT NULL COLLATE pg_catalog."C",
    pos bigint NOT NULL,
    forgotten boolean DEFAULT false NOT NULL
);
CREATE TABLE public.profiles (
    user_key bigint NOT NULL,
    fields text NOT NULL
);
CREATE TABLE public.public_rooms (
    room_id text NOT NULL COLLATE pg_catalog."C",
    published_ts bigint NOT NULL
);
CREATE TABLE public.read_state (
    user_key bigint NOT NULL,
    room bigint NOT NULL,
    read_pos bigint NOT NULL,
    notify_seq integer NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000');
CREATE TABLE public.receipts (
    room bigint NOT NULL,
    user_key bigint NOT NULL,
    type text NOT NULL COLLATE pg_catalog."C",
    thread text NOT NULL COLLATE pg_catalog."C",
    ev bigint NOT NULL,
    ts bigint NOT NULL,
    pos bigint NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000');
CREATE TABLE public.registration_reservations (
    session text NOT NULL COLLATE pg_catalog."C",
    token text NOT NULL COLLATE pg_catalog."C",
    expires_ts bigint NOT NULL
);
CREATE TABLE public.registration_tokens (
    token text NOT NULL COLLATE pg_catalog."C",
    uses_allowed integer,
    completed integer DEFAULT 0 NOT NULL,
    expiry_time bigint
);
CREATE TABLE public.room_aliases (
    alias text NOT NULL COLLATE pg_catalog."C",
    room_id text NOT NULL COLLATE pg_catalog."C",
    creator bigint NOT NULL,
    created_ts bigint NOT NULL
);
CREATE SEQUENCE public.room_keys
    START WITH 1
    INCREMENT BY 32
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
CREATE TABLE public.room_state (
    room bigint NOT NULL,
    key integer NOT NULL,
    ev bigint NOT NULL,
    pos bigint NOT NULL
);
CREATE TABLE public.rooms (
    key bigint NOT NULL,
    room_id text NOT NULL COLLATE pg_catalog."C",
    version text NOT NULL COLLATE pg_catalog."C",
    created_ts bigint NOT NULL,
    extremities bigint[] NOT NULL,
    state_version bigint NOT NULL,
    line bigint NOT NULL,
    idx integer NOT NULL,
    last_pos bigint NOT NULL,
    notify_seq integer NOT NULL
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000');
CREATE TABLE public.schema_version (
    version integer NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    compat integer NOT NULL,
    applied_ts bigint NOT NULL
);
CREATE TABLE public.setup_token (
    id smallint DEFAULT 1 NOT NULL,
    token text NOT NULL COLLATE pg_catalog."C",
    CONSTRAINT setup_token_id_check CHECK ((id = 1))
);
CREATE TABLE public.state_ckpt (
    line bigint NOT NULL,
    idx integer NOT NULL,
    entries bytea NOT NULL
);
CREATE TABLE public.state_keys (
    key integer NOT NULL,
    type integer NOT NULL,
    state_key text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE public.state_keys ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.state_keys_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.state_lines (
    line bigint NOT NULL,
    room bigint NOT NULL,
    parent_line bigint,
    parent_idx integer,
    CONSTRAINT state_lines_check CHECK (((parent_line IS NULL) = (parent_idx IS NULL)))
);
ALTER TABLE public.state_lines ALTER COLUMN line ADD GENERATED BY DEFAULT AS IDENTITY (
    SEQUENCE NAME public.state_lines_line_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
CREATE TABLE public.state_log (
    line bigint NOT NULL,
    idx integer NOT NULL,
    key integer NOT NULL,
    ev bigint,
    prev_ev bigint
);
CREATE TABLE public.stream (
    id smallint DEFAULT 1 NOT NULL,
    last_pos bigint NOT NULL,
    first_pos bigint NOT NULL,
    tag integer NOT NULL,
    system_identifier text,
    timeline text,
    CONSTRAINT stream_id_check CHECK ((id = 1))
)
WITH (fillfactor='50', autovacuum_vacuum_scale_factor='0.01', autovacuum_vacuum_threshold='1000');
CREATE TABLE public.txns (
    device bigint NOT NULL,
    key text NOT NULL COLLATE pg_catalog."C",
    id text NOT NULL COLLATE pg_catalog."C",
    pos bigint NOT NULL,
    created_ts bigint NOT NULL
);
CREATE TABLE public.uia_sessions (
    id text NOT NULL COLLATE pg_catalog."C",
    operation text NOT NULL,
    body_hash bytea,
    completed text DEFAULT '{}'::text NOT NULL,
    expires_ts bigint NOT NULL
);
CREATE TABLE public.users (
    key bigint NOT NULL,
    user_id text NOT NULL COLLATE pg_catalog."C"
);
ALTER TABLE public.users ALTER COLUMN key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.users_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);
INSERT INTO public.access_tokens VALUES ('\x7841f24ef6477d5b7b2184a3bc93211928bd90942dccbadb82a318e9bcc454fe', 1, 1795278079162);
INSERT INTO public.access_tokens VALUES ('\x2d8d7db2478c102af02760c8362c3f976ce432b818f72fbcb24fc4082c9e7f6c', 2, 1795278079420);
INSERT INTO public.account_data VALUES (2, 0, 'org.example.kept', '{"kept":true}', 14);
INSERT INTO public.accounts VALUES (1, '@alice:fixture.example', '$argon2id$v=19$m=19456,t=2,p=1$FfDsAYE4i5T6/Lxp64no1g$kBi7eQDvbPcBD/YGs/DGzSe4eS5DA7wMD7PdVObIJuY', true, false, 1795278065919);
INSERT INTO public.accounts VALUES (2, '@bob:fixture.example', '$argon2id$v=19$m=19456,t=2,p=1$OCEw8Bb6KVXX/zZzNe0pOg$ZNLMo6RnrWpHtxabWsjDTeh1alTnE0VjZ/DC3zpwgz0', false, false, 1795278072232);
INSERT INTO public.devices OVERRIDING SYSTEM VALUE VALUES (1, 1, 'MW0GKWX5MV', NULL, 1795278079162, 1795278080537, '127.0.0.1', 'node');
INSERT INTO public.devices OVERRIDING SYSTEM VALUE VALUES (2, 2, 'EPZWEN4IEY', NULL, 1795278079420, 1795278080603, '127.0.0.1', 'node');
INSERT INTO public.epochs VALUES (1, 0, 'created');
INSERT INTO public.event_types OVERRIDING SYSTEM VALUE VALUES (1, 'm.room.canonical_alias');
INSERT INTO public.event_types OVERRIDING SYSTEM VALUE VALUES (2, 'm.room.create');
INSERT INTO public.event_types OVERRIDING SYSTEM VALUE VALUES (3, 'm.room.guest_access');
INSERT INTO public.event_types OVERRIDING SYSTEM VALUE VALUES (4, 'm.room.history_visibility');
INSERT INTO public.event_types OVERRIDING SYSTEM VALUE VALUES (5, 'm.room.join_rules');
INSERT INTO public.event_types OVERRIDING SYSTEM VALUE VALUES (6, 'm.room.member');
INSERT INTO public.event_types OVERRIDING SYSTEM VALUE VALUES (7, 'm.room.name');
INSERT INTO public.event_types OVERRIDING SYSTEM VALUE VALUES (8, 'm.room.power_levels');
INSERT INTO public.event_types OVERRIDING SYSTEM VALUE VALUES (9, 'm.room.message');
INSERT INTO public.events VALUES (1, 1, '$yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4', 2, 1, 2, 1, 1795278079766, 1, 1, 0, '{}', '{}', 0, NULL, NULL, 28, 49, '{"auth_events":[],"content":{"room_version":"12"},"depth":1,"hashes":{"sha256":"xKnDWyM+lwfKwpArA/gugI3gPSnuUT7jRwviKG4uhfc"},"origin_server_ts":1795278079766,"prev_events":[],"sender":"@alice:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"DkTIkQ71EbroXLn3vJ9+jIY6J2sJYJAm6MNuAR5GDJ0h8SIjPu0vthYLfyEss2kkpu/HhtyJhqudAeKcog6NBQ"}},"state_key":"","type":"m.room.create"}');
INSERT INTO public.events VALUES (2, 1, '$0w50BdnVO8ICGkwhUFJflwzLf_kJHWHno8eL_W6jB1g', 6, 1, 6, 2, 1795278079766, 1, 2, 0, '{1}', '{}', 0, NULL, NULL, 28, 49, '{"auth_events":[],"content":{"membership":"join"},"depth":2,"hashes":{"sha256":"BxaoN0cUnGOFeEH2xBEvaw1ZOgO3gZDhxm1TjnAsblg"},"origin_server_ts":1795278079766,"prev_events":["$yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4"],"room_id":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","sender":"@alice:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"ic5uPIIu+tK/uxUQj2qzIcGAEL0wRSzbe52BvY2r1cutPStSgDcgFKzwImaFNV1koggvb34z07NZzVZsxf24Ag"}},"state_key":"@alice:fixture.example","type":"m.room.member"}');
INSERT INTO public.events VALUES (3, 1, '$zS1STIP1tc5-UhfcC7-WfFxjTPaGTxpxFSJh3MPd34o', 8, 1, 8, 3, 1795278079766, 1, 3, 0, '{2}', '{2}', 0, NULL, NULL, 74, 452, '{"auth_events":["$0w50BdnVO8ICGkwhUFJflwzLf_kJHWHno8eL_W6jB1g"],"content":{"ban":50,"events":{"m.room.avatar":50,"m.room.canonical_alias":50,"m.room.encryption":100,"m.room.history_visibility":100,"m.room.name":50,"m.room.power_levels":100,"m.room.server_acl":100,"m.room.tombstone":150,"org.matrix.msc3401.call.member":0},"events_default":0,"invite":50,"kick":50,"notifications":{"room":50},"redact":50,"state_default":50,"users":{},"users_default":0},"depth":3,"hashes":{"sha256":"f4eYAwUjxU3OBNhJ/divmt3D7Sjrc2pGOuXR37jcdac"},"origin_server_ts":1795278079766,"prev_events":["$0w50BdnVO8ICGkwhUFJflwzLf_kJHWHno8eL_W6jB1g"],"room_id":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","sender":"@alice:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"UesW6Xrr+Lf4TmUqYMRHbcfigoWv09b8oRXRPnczSgp2tvPIT02Hc5FS+qY137fAwGS1o9Fq0n6YkcHLus5yDQ"}},"state_key":"","type":"m.room.power_levels"}');
INSERT INTO public.events VALUES (4, 1, '$g_gd5VEx3M2rt8UsSEAHGSy2nL9rgwybu1SXc7Jr6pA', 1, 1, 1, 4, 1795278079766, 1, 4, 0, '{3}', '{3,2}', 0, NULL, NULL, 121, 156, '{"auth_events":["$zS1STIP1tc5-UhfcC7-WfFxjTPaGTxpxFSJh3MPd34o","$0w50BdnVO8ICGkwhUFJflwzLf_kJHWHno8eL_W6jB1g"],"content":{"alias":"#before:fixture.example"},"depth":4,"hashes":{"sha256":"LVLgPZjhOp6It06v7w9GDBleUU3ixT1SYnCg3m+kUS8"},"origin_server_ts":1795278079766,"prev_events":["$zS1STIP1tc5-UhfcC7-WfFxjTPaGTxpxFSJh3MPd34o"],"room_id":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","sender":"@alice:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"sZcKwH/BgfDWEkOJ+13DTvcXJNBRv71hK9u9NEQR9lz41qG5yZCWN3J5AligliQcWEfBkn5sFQPEXf61haRNDw"}},"state_key":"","type":"m.room.canonical_alias"}');
INSERT INTO public.events VALUES (5, 1, '$YwTOMFLTqLSMogttABV1zo_Y42PK9nNanCutHb_Cg30', 5, 1, 5, 5, 1795278079766, 1, 5, 0, '{4}', '{3,2}', 0, NULL, NULL, 121, 143, '{"auth_events":["$zS1STIP1tc5-UhfcC7-WfFxjTPaGTxpxFSJh3MPd34o","$0w50BdnVO8ICGkwhUFJflwzLf_kJHWHno8eL_W6jB1g"],"content":{"join_rule":"public"},"depth":5,"hashes":{"sha256":"zxEjW9ZFIauaYdQJ5jeKWe1dYggu6bfU4agjZLvSgNU"},"origin_server_ts":1795278079766,"prev_events":["$g_gd5VEx3M2rt8UsSEAHGSy2nL9rgwybu1SXc7Jr6pA"],"room_id":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","sender":"@alice:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"hTEngA483HR1vNnXGaqBUTn8MlACxK4met0ztPxgEm6qMGYoOtUaUzAoQSkJNf2ztD6UmnO0QOUQs7VJAwGCBA"}},"state_key":"","type":"m.room.join_rules"}');
INSERT INTO public.events VALUES (6, 1, '$22RnFnQoLLBTW0VqCsbz_9KhgXLI4BruBIKolHHuMuA', 4, 1, 4, 6, 1795278079766, 1, 6, 0, '{5}', '{3,2}', 0, NULL, NULL, 121, 152, '{"auth_events":["$zS1STIP1tc5-UhfcC7-WfFxjTPaGTxpxFSJh3MPd34o","$0w50BdnVO8ICGkwhUFJflwzLf_kJHWHno8eL_W6jB1g"],"content":{"history_visibility":"shared"},"depth":6,"hashes":{"sha256":"NL/dieheU8LCE/K1j/6KlOYiENzhpmYYfGRR4qNCxRQ"},"origin_server_ts":1795278079766,"prev_events":["$YwTOMFLTqLSMogttABV1zo_Y42PK9nNanCutHb_Cg30"],"room_id":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","sender":"@alice:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"nihZA2tbywAkuMGi6wraZryrR4LBdJFnfww4U8P4XhnzUpIDm9tSMORo8NjzjoMdWiLPj+xFyEQqV2uNJEsnBA"}},"state_key":"","type":"m.room.history_visibility"}');
INSERT INTO public.events VALUES (7, 1, '$TOkAMJsJjNyYY1SH5MTQuMX_AhpZUj31t8n8y2vp0_4', 3, 1, 3, 7, 1795278079766, 1, 7, 0, '{6}', '{3,2}', 0, NULL, NULL, 121, 149, '{"auth_events":["$zS1STIP1tc5-UhfcC7-WfFxjTPaGTxpxFSJh3MPd34o","$0w50BdnVO8ICGkwhUFJflwzLf_kJHWHno8eL_W6jB1g"],"content":{"guest_access":"forbidden"},"depth":7,"hashes":{"sha256":"nxWU1j7sIPeen/dtPSWxvvmnNH8aTflIrjRz81gTxhU"},"origin_server_ts":1795278079766,"prev_events":["$22RnFnQoLLBTW0VqCsbz_9KhgXLI4BruBIKolHHuMuA"],"room_id":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","sender":"@alice:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"1vgaaCLsKyqnBpKhLh9MbSgkqDm7nwx4XdWNdrIFcRucwEOO9W6lQGI0N1HchFStqBVtSiC96fx891QXiJxUBg"}},"state_key":"","type":"m.room.guest_access"}');
INSERT INTO public.events VALUES (8, 1, '$rXqckKQa5gMIl73PzHnPwLrAARN-45f6PQ_FeQayKNk', 7, 1, 7, 8, 1795278079766, 1, 8, 0, '{7}', '{3,2}', 0, NULL, NULL, 121, 138, '{"auth_events":["$zS1STIP1tc5-UhfcC7-WfFxjTPaGTxpxFSJh3MPd34o","$0w50BdnVO8ICGkwhUFJflwzLf_kJHWHno8eL_W6jB1g"],"content":{"name":"Before"},"depth":8,"hashes":{"sha256":"MkxkyuVYjPIDnFOVOPwhveQlRFo9Fk72V0EJHtnEEb4"},"origin_server_ts":1795278079766,"prev_events":["$TOkAMJsJjNyYY1SH5MTQuMX_AhpZUj31t8n8y2vp0_4"],"room_id":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","sender":"@alice:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"wOigbbFL7iDMK35ZC8TYejhCzgQwhFgul7UWmkQzEMWD+ajrfGCS9lUwDLLqjxFM5tVnEuTvxGQADoLnQHQdCw"}},"state_key":"","type":"m.room.name"}');
INSERT INTO public.events VALUES (9, 1, '$MzwCf2RjBXVS5xRaJ-tOE6a1XX6_ut0XyoHf9XBG9qw', 6, 2, 9, 9, 1795278080292, 1, 9, 0, '{8}', '{3,5}', 0, NULL, NULL, 121, 142, '{"auth_events":["$zS1STIP1tc5-UhfcC7-WfFxjTPaGTxpxFSJh3MPd34o","$YwTOMFLTqLSMogttABV1zo_Y42PK9nNanCutHb_Cg30"],"content":{"membership":"join"},"depth":9,"hashes":{"sha256":"e42yD7VdYomMdvWYB2ps2llQJb7wBprXZm0xTsCsVr0"},"origin_server_ts":1795278080292,"prev_events":["$rXqckKQa5gMIl73PzHnPwLrAARN-45f6PQ_FeQayKNk"],"room_id":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","sender":"@bob:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"43kdeV/t0UCZC1ZOhuQ3cPwejPkh8vjqVelPYZnpVNqRqknpNgpY8SAtrWHgoRec4anVHNEExTyI9ta7QhDHDw"}},"state_key":"@bob:fixture.example","type":"m.room.member"}');
INSERT INTO public.events VALUES (10, 1, '$R2tuzgQi4Z9_YdD4lb-EV0jMfGpidWyVoNoWUJIEMu4', 9, 1, NULL, 10, 1795278080324, 1, 9, 32, '{9}', '{3,2}', 1, NULL, NULL, 121, 156, '{"auth_events":["$zS1STIP1tc5-UhfcC7-WfFxjTPaGTxpxFSJh3MPd34o","$0w50BdnVO8ICGkwhUFJflwzLf_kJHWHno8eL_W6jB1g"],"content":{"body":"old 1","msgtype":"m.text"},"depth":10,"hashes":{"sha256":"1JgV76ZpUXPDJ/Z4nTRWZNCLnrgWc+2Tr+8a2/FXxSA"},"origin_server_ts":1795278080324,"prev_events":["$MzwCf2RjBXVS5xRaJ-tOE6a1XX6_ut0XyoHf9XBG9qw"],"room_id":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","sender":"@alice:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"016PD38ue7nZvrVItckbL1hxGTmxDgi2SDNaBZSeRJBx8idpq7tbmcWtb8Eokj4gQ+4gg2UNCfYcnw5GtKzIBg"}},"type":"m.room.message"}');
INSERT INTO public.events VALUES (11, 1, '$pyxpzMeTNihCdNtcM4K94-g9DsXV9isalJ1McbnXlrs', 9, 1, NULL, 11, 1795278080345, 1, 9, 32, '{10}', '{3,2}', 2, NULL, NULL, 121, 156, '{"auth_events":["$zS1STIP1tc5-UhfcC7-WfFxjTPaGTxpxFSJh3MPd34o","$0w50BdnVO8ICGkwhUFJflwzLf_kJHWHno8eL_W6jB1g"],"content":{"body":"old 2","msgtype":"m.text"},"depth":11,"hashes":{"sha256":"1u0NEShAzUmVavTcMJNJc7pO6BBl6Cl/o/so4s38j2A"},"origin_server_ts":1795278080345,"prev_events":["$R2tuzgQi4Z9_YdD4lb-EV0jMfGpidWyVoNoWUJIEMu4"],"room_id":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","sender":"@alice:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"ycMraP9cc6v3H0t5LWBp0HOCNCmZxvuDHakWRdK6aGOQbeSDuJGvkAmQntqwK19kI4gVROSlkBdblU3PcrdVDA"}},"type":"m.room.message"}');
INSERT INTO public.events VALUES (12, 1, '$e448U-dZyvODAHETv4s8alAnBw6OY_ZfWvr-r0dpJyM', 9, 1, NULL, 12, 1795278080537, 1, 9, 32, '{11}', '{3,2}', 3, NULL, NULL, 121, 156, '{"auth_events":["$zS1STIP1tc5-UhfcC7-WfFxjTPaGTxpxFSJh3MPd34o","$0w50BdnVO8ICGkwhUFJflwzLf_kJHWHno8eL_W6jB1g"],"content":{"body":"old 3","msgtype":"m.text"},"depth":12,"hashes":{"sha256":"E3yhHbEgizeV1wiXNpi/yn+3u8NUPEg3VKHfeIaVxg8"},"origin_server_ts":1795278080537,"prev_events":["$pyxpzMeTNihCdNtcM4K94-g9DsXV9isalJ1McbnXlrs"],"room_id":"!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4","sender":"@alice:fixture.example","signatures":{"fixture.example":{"ed25519:a_Ozqa":"nCrjCRNwAuPzDCQBjKhG2lhZZU77WaQqjtB/u9oWmLr954IAcsCVt9urksnYUNmfLVE9Fj/XMIhXCZv02O/GCg"}},"type":"m.room.message"}');
INSERT INTO public.instance VALUES (1, 'fixture.example', 1795278065169, false);
INSERT INTO public.memberships VALUES (1, 1, 'join', 2, false);
INSERT INTO public.memberships VALUES (1, 2, 'join', 9, false);
INSERT INTO public.read_state VALUES (1, 1, 12, 3);
INSERT INTO public.read_state VALUES (2, 1, 10, 1);
INSERT INTO public.receipts VALUES (1, 2, 'm.read', '', 10, 1795278080582, 13);
INSERT INTO public.room_aliases VALUES ('#before:fixture.example', '!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4', 1, 1795278079922);
INSERT INTO public.room_state VALUES (1, 1, 4, 4);
INSERT INTO public.room_state VALUES (1, 2, 1, 1);
INSERT INTO public.room_state VALUES (1, 3, 7, 7);
INSERT INTO public.room_state VALUES (1, 4, 6, 6);
INSERT INTO public.room_state VALUES (1, 5, 5, 5);
INSERT INTO public.room_state VALUES (1, 6, 2, 2);
INSERT INTO public.room_state VALUES (1, 7, 8, 8);
INSERT INTO public.room_state VALUES (1, 8, 3, 3);
INSERT INTO public.room_state VALUES (1, 9, 9, 9);
INSERT INTO public.rooms VALUES (1, '!yiv2M59u7uMAwU-I6VUoga4tCfKUVPWsfWFdxzgwt-4', '12', 1795278080028, '{12}', 9, 1, 9, 12, 3);
INSERT INTO public.schema_version VALUES (1, '20261121_0000_instance', 1, 1795278065163);
INSERT INTO public.schema_version VALUES (2, '20261121_0001_log', 1, 1795278065311);
INSERT INTO public.schema_version VALUES (3, '20261121_0002_accounts', 1, 1795278065376);
INSERT INTO public.schema_version VALUES (4, '20261121_0003_rooms', 1, 1795278065391);
INSERT INTO public.state_keys OVERRIDING SYSTEM VALUE VALUES (1, 1, '');
INSERT INTO public.state_keys OVERRIDING SYSTEM VALUE VALUES (2, 2, '');
INSERT INTO public.state_keys OVERRIDING SYSTEM VALUE VALUES (3, 3, '');
INSERT INTO public.state_keys OVERRIDING SYSTEM VALUE VALUES (4, 4, '');
INSERT INTO public.state_keys OVERRIDING SYSTEM VALUE VALUES (5, 5, '');
INSERT INTO public.state_keys OVERRIDING SYSTEM VALUE VALUES (6, 6, '@alice:fixture.example');
INSERT INTO public.state_keys OVERRIDING SYSTEM VALUE VALUES (7, 7, '');
INSERT INTO public.state_keys OVERRIDING SYSTEM VALUE VALUES (8, 8, '');
INSERT INTO public.state_keys OVERRIDING SYSTEM VALUE VALUES (9, 6, '@bob:fixture.example');
INSERT INTO public.state_lines VALUES (1, 1, NULL, NULL);
INSERT INTO public.state_log VALUES (1, 1, 2, 1, NULL);
INSERT INTO public.state_log VALUES (1, 2, 6, 2, NULL);
INSERT INTO public.state_log VALUES (1, 3, 8, 3, NULL);
INSERT INTO public.state_log VALUES (1, 4, 1, 4, NULL);
INSERT INTO public.state_log VALUES (1, 5, 5, 5, NULL);
INSERT INTO public.state_log VALUES (1, 6, 4, 6, NULL);
INSERT INTO public.state_log VALUES (1, 7, 3, 7, NULL);
INSERT INTO public.state_log VALUES (1, 8, 7, 8, NULL);
INSERT INTO public.state_log VALUES (1, 9, 9, 9, NULL);
INSERT INTO public.stream VALUES (1, 14, 0, 1, '7710660556922314665', '00000001');
INSERT INTO public.txns VALUES (1, '7RY9gm1mQ9HTUln2JJWfNox_wo6-zyNxjhHR1HRbdh4', 't1', 10, 1795278080326);
INSERT INTO public.txns VALUES (1, 'OZEVQCJwSe5iZYnrohS9tOq_C5ViZpNux5Q8KnJcFpY', 't2', 11, 1795278080346);
INSERT INTO public.txns VALUES (1, 'LGqQl09UtomL-ZE58LNTflkkCu4CLs_LZ1PKJ1vWkC0', 't3', 12, 1795278080538);
INSERT INTO public.users OVERRIDING SYSTEM VALUE VALUES (1, '@alice:fixture.example');
INSERT INTO public.users OVERRIDING SYSTEM VALUE VALUES (2, '@bob:fixture.example');
SELECT pg_catalog.setval('public.devices_key_seq', 2, true);
SELECT pg_catalog.setval('public.event_types_key_seq', 9, true);
SELECT pg_catalog.setval('public.filters_id_seq', 1, false);
SELECT pg_catalog.setval('public.room_keys', 1, true);
SELECT pg_catalog.setval('public.state_keys_key_seq', 9, true);
SELECT pg_catalog.setval('public.state_lines_line_seq', 1, true);
SELECT pg_catalog.setval('public.users_key_seq', 2, true);
ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.account_data
    ADD CONSTRAINT account_data_pkey PRIMARY KEY (user_key, room, type);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_pkey PRIMARY KEY (user_key);
ALTER TABLE ONLY public.accounts
    ADD CONSTRAINT accounts_user_id_key UNIQUE (user_id);
ALTER TABLE ONLY public.devices
    ADD CONSTRAINT devices_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.devices
    ADD CONSTRAINT devices_user_key_device_id_key UNIQUE (user_key, device_id);
ALTER TABLE ONLY public.epochs
    ADD CONSTRAINT epochs_pkey PRIMARY KEY (tag);
ALTER TABLE ONLY public.event_missing
    ADD CONSTRAINT event_missing_pkey PRIMARY KEY (ev, event_id, is_auth);
ALTER TABLE ONLY public.event_types
    ADD CONSTRAINT event_types_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.event_types
    ADD CONSTRAINT event_types_type_key UNIQUE (type);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_event_id_key UNIQUE (event_id);
ALTER TABLE ONLY public.events
    ADD CONSTRAINT events_pkey PRIMARY KEY (pos);
ALTER TABLE ONLY public.filters
    ADD CONSTRAINT filters_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.filters
    ADD CONSTRAINT filters_user_key_hash_key UNIQUE (user_key, hash);
ALTER TABLE ONLY public.highlights
    ADD CONSTRAINT highlights_pkey PRIMARY KEY (user_key, room, pos);
ALTER TABLE ONLY public.instance
    ADD CONSTRAINT instance_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.invalidations
    ADD CONSTRAINT invalidations_pkey PRIMARY KEY (pos);
ALTER TABLE ONLY public.late_events
    ADD CONSTRAINT late_events_ev_key UNIQUE (ev);
ALTER TABLE ONLY public.late_events
    ADD CONSTRAINT late_events_pkey PRIMARY KEY (pos);
ALTER TABLE ONLY public.login_tokens
    ADD CONSTRAINT login_tokens_pkey PRIMARY KEY (hash);
ALTER TABLE ONLY public.memberships
    ADD CONSTRAINT memberships_pkey PRIMARY KEY (user_key, room);
ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_pkey PRIMARY KEY (user_key);
ALTER TABLE ONLY public.public_rooms
    ADD CONSTRAINT public_rooms_pkey PRIMARY KEY (room_id);
ALTER TABLE ONLY public.read_state
    ADD CONSTRAINT read_state_pkey PRIMARY KEY (user_key, room);
ALTER TABLE ONLY public.receipts
    ADD CONSTRAINT receipts_pkey PRIMARY KEY (room, user_key, type, thread);
ALTER TABLE ONLY public.registration_reservations
    ADD CONSTRAINT registration_reservations_pkey PRIMARY KEY (session);
ALTER TABLE ONLY public.registration_tokens
    ADD CONSTRAINT registration_tokens_pkey PRIMARY KEY (token);
ALTER TABLE ONLY public.room_aliases
    ADD CONSTRAINT room_aliases_pkey PRIMARY KEY (alias);
ALTER TABLE ONLY public.room_state
    ADD CONSTRAINT room_state_pkey PRIMARY KEY (room, key);
ALTER TABLE ONLY public.rooms
    ADD CONSTRAINT rooms_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.rooms
    ADD CONSTRAINT rooms_room_id_key UNIQUE (room_id);
ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT schema_version_name_key UNIQUE (name);
ALTER TABLE ONLY public.schema_version
    ADD CONSTRAINT schema_version_pkey PRIMARY KEY (version);
ALTER TABLE ONLY public.setup_token
    ADD CONSTRAINT setup_token_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.state_ckpt
    ADD CONSTRAINT state_ckpt_pkey PRIMARY KEY (line, idx);
ALTER TABLE ONLY public.state_keys
    ADD CONSTRAINT state_keys_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.state_keys
    ADD CONSTRAINT state_keys_type_state_key_key UNIQUE (type, state_key);
ALTER TABLE ONLY public.state_lines
    ADD CONSTRAINT state_lines_pkey PRIMARY KEY (line);
ALTER TABLE ONLY public.state_log
    ADD CONSTRAINT state_log_pkey PRIMARY KEY (line, idx);
ALTER TABLE ONLY public.stream
    ADD CONSTRAINT stream_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.txns
    ADD CONSTRAINT txns_pkey PRIMARY KEY (device, key);
ALTER TABLE ONLY public.uia_sessions
    ADD CONSTRAINT uia_sessions_pkey PRIMARY KEY (id);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_pkey PRIMARY KEY (key);
ALTER TABLE ONLY public.users
    ADD CONSTRAINT users_user_id_key UNIQUE (user_id);
CREATE INDEX access_tokens_device_key ON public.access_tokens USING btree (device_key);
CREATE INDEX account_data_pos ON public.account_data USING btree (pos);
CREATE INDEX event_missing_id ON public.event_missing USING btree (event_id);
CREATE INDEX events_redacted_by ON public.events USING btree (redacted_by) WHERE (redacted_by IS NOT NULL);
CREATE INDEX events_room_depth ON public.events USING btree (room, depth, pos);
CREATE INDEX events_room_pos ON public.events USING btree (room, pos) WHERE (pos > 0);
CREATE INDEX highlights_pos ON public.highlights USING btree (pos);
CREATE INDEX login_tokens_expires_ts ON public.login_tokens USING btree (expires_ts);
CREATE INDEX memberships_room ON public.memberships USING btree (room, membership, user_key);
CREATE INDEX receipts_pos ON public.receipts USING btree (pos);
CREATE INDEX registration_reservations_token ON public.registration_reservations USING btree (token);
CREATE INDEX room_aliases_room ON public.room_aliases USING btree (room_id);
CREATE INDEX room_state_pos ON public.room_state USING btree (room, pos);
CREATE INDEX state_lines_room ON public.state_lines USING btree (room);
CREATE INDEX state_log_key ON public.state_log USING btree (line, key, idx DESC) INCLUDE (ev);
CREATE INDEX txns_pos ON public.txns USING btree (pos);
CREATE INDEX uia_sessions_expires_ts ON public.uia_sessions USING btree (expires_ts);
ALTER TABLE ONLY public.access_tokens
    ADD CONSTRAINT access_tokens_device_key_fkey FOREIGN KEY (device_key) REFERENCES public.devices(key) ON DELETE CASCADE;
ALTER TABLE ONLY public.devices
    ADD CONSTRAINT devices_user_key_fkey FOREIGN KEY (user_key) REFERENCES public.accounts(user_key) ON DELETE CASCADE;
ALTER TABLE ONLY public.filters
    ADD CONSTRAINT filters_user_key_fkey FOREIGN KEY (user_key) REFERENCES public.accounts(user_key) ON DELETE CASCADE;
ALTER TABLE ONLY public.login_tokens
    ADD CONSTRAINT login_tokens_user_key_fkey FOREIGN KEY (user_key) REFERENCES public.accounts(user_key) ON DELETE CASCADE;
ALTER TABLE ONLY public.profiles
    ADD CONSTRAINT profiles_user_key_fkey FOREIGN KEY (user_key) REFERENCES public.accounts(user_key) ON DELETE CASCADE;
ALTER TABLE ONLY public.registration_reservations
    ADD CONSTRAINT registration_reservations_token_fkey FOREIGN KEY (token) REFERENCES public.registration_tokens(token) ON DELETE CASCADE;
ALTER TABLE ONLY public.state_keys
    ADD CONSTRAINT state_keys_type_fkey FOREIGN KEY (type) REFERENCES public.event_types(key);
