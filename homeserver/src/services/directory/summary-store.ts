import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { RoomKey } from '#log/types.ts'
import { EventFlag } from '#log/types.ts'
import type { SummaryRow } from './summary-row.ts'

/** Rooms whose state or members may have changed in a range of the log. */
export async function changedRooms(db: Db, after: number, upTo: number): Promise<RoomKey[]> {
  const { rows } = await sql<{ room: number }>`
    SELECT e.room FROM events e
      WHERE e.pos > ${after} AND e.pos <= ${upTo}
        AND (e.state_key IS NOT NULL OR e.flags & ${sql.lit(EventFlag.reshapes)} <> 0)
    UNION
    SELECT e.room FROM events e
      WHERE e.redacted_by > ${after} AND e.redacted_by <= ${upTo} AND e.state_key IS NOT NULL
    UNION
    SELECT e.room FROM late_events l JOIN events e ON e.pos = l.ev
      WHERE l.pos > ${after} AND l.pos <= ${upTo}`.execute(db)
  return rows.map(({ room }) => room as RoomKey)
}

export async function allRooms(db: Db): Promise<RoomKey[]> {
  const rows = await db.selectFrom('rooms').select('key').execute()
  return rows.map(({ key }) => key as RoomKey)
}

/** Writes summaries; the number of members and whether a room is listed come from their tables. */
export async function writeSummaries(db: Db, rows: readonly SummaryRow[]): Promise<void> {
  const column = <Value>(read: (row: SummaryRow) => Value) => rows.map(read)
  await sql`
    INSERT INTO room_summaries AS old (room, published, open, joined, name, topic, canonical_alias,
        avatar_url, join_rule, world_readable, guest_can_join, room_type, search)
      SELECT s.room,
        EXISTS (SELECT FROM rooms r JOIN public_rooms p ON p.room_id = r.room_id
          WHERE r.key = s.room),
        s.open,
        (SELECT count(*) FROM memberships m WHERE m.room = s.room AND m.membership = 'join'),
        s.name, s.topic, s.alias, s.avatar, s.join_rule, s.world_readable, s.guest_can_join,
        s.room_type, s.search
      FROM unnest(${column((row) => row.room)}::bigint[], ${column((row) => row.open)}::boolean[],
          ${column((row) => row.name)}::text[], ${column((row) => row.topic)}::text[],
          ${column((row) => row.canonicalAlias)}::text[],
          ${column((row) => row.avatarUrl)}::text[], ${column((row) => row.joinRule)}::text[],
          ${column((row) => row.worldReadable)}::boolean[],
          ${column((row) => row.guestCanJoin)}::boolean[],
          ${column((row) => row.roomType)}::text[], ${column((row) => row.search)}::text[])
        AS s(room, open, name, topic, alias, avatar, join_rule, world_readable, guest_can_join,
          room_type, search)
    ON CONFLICT (room) DO UPDATE SET published = excluded.published, open = excluded.open,
      joined = excluded.joined, name = excluded.name, topic = excluded.topic,
      canonical_alias = excluded.canonical_alias, avatar_url = excluded.avatar_url,
      join_rule = excluded.join_rule, world_readable = excluded.world_readable,
      guest_can_join = excluded.guest_can_join, room_type = excluded.room_type,
      search = excluded.search
    WHERE old IS DISTINCT FROM excluded`.execute(db)
}
