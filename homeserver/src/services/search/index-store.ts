import { sql } from 'kysely'
import type { Db, Tx } from '#db/db.ts'
import type { RoomKey, UserKey } from '#log/types.ts'
import { TYPE_OF_KEY } from './searchable-text.ts'

/** An event as the index has it. */
export interface IndexRow {
  readonly ev: number
  /** Where the log tells of the event. */
  readonly place: number
  readonly room: RoomKey
  readonly sender: UserKey
  readonly key: number
  readonly vector: string
}

/** An event whose entry has to be made anew. */
export interface Changed {
  readonly ev: number
  readonly place: number
  /** Position of its newest edit. */
  readonly edit: number | null
}

/** Up to where the index follows the log; locked, so that one worker at a time goes on. */
export async function holdProgress(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('search_progress')
    .select('done_to')
    .forUpdate()
    .executeTakeFirstOrThrow()
  return row.done_to
}

export async function setProgress(tx: Tx, pos: number): Promise<void> {
  await tx.updateTable('search_progress').set({ done_to: pos }).execute()
}

const TYPES = [...Object.values(TYPE_OF_KEY), 'm.room.redaction']

/**
 * The first events after a place in the log that may change the index, at most `limit`. Late ones are
 * told of by a place that is not their position.
 */
export async function eventsAfter(
  db: Db,
  range: { readonly after: number; readonly upTo: number; readonly limit: number },
): Promise<{ readonly ev: number; readonly place: number }[]> {
  const { after, upTo, limit } = range
  const types = sql`ARRAY(SELECT t.key FROM event_types t WHERE t.type = ANY (${TYPES}::text[]))`
  const { rows } = await sql<{ ev: number; place: number }>`
    (SELECT e.pos AS ev, e.pos AS place FROM events e
      WHERE e.pos > ${after} AND e.pos <= ${upTo} AND e.type = ANY (${types})
      ORDER BY e.pos LIMIT ${limit})
    UNION ALL (SELECT l.ev, l.pos FROM late_events l JOIN events e ON e.pos = l.ev
      WHERE l.pos > ${after} AND l.pos <= ${upTo} AND e.type = ANY (${types})
      ORDER BY l.pos LIMIT ${limit})
    ORDER BY place LIMIT ${limit}`.execute(db)
  return rows
}

/** What some events change in the index: themselves, what they edit, redact, or edited before they were redacted. */
export async function changedBy(db: Db, positions: readonly number[]): Promise<Changed[]> {
  const { rows } = await sql<Changed>`
    WITH news AS (SELECT e.* FROM events e WHERE e.pos = ANY (${positions}::bigint[])
        UNION ALL SELECT r.* FROM events r WHERE r.redacted_by = ANY (${positions}::bigint[])),
      targets AS (
        SELECT n.pos FROM news n
        UNION SELECT o.pos FROM news n JOIN events o ON o.event_id = n.relates_to AND o.room = n.room
          WHERE n.rel_type = 'm.replace')
    SELECT p.pos AS ev, coalesce(l.pos, p.pos) AS place,
      (SELECT c.pos FROM events c WHERE c.relates_to = p.event_id AND c.room = p.room
          AND c.rel_type = 'm.replace' AND c.sender = p.sender AND c.type = p.type
          AND c.flags & 15 = 0
        ORDER BY c.ts DESC, c.event_id DESC LIMIT 1) AS edit
    FROM targets t JOIN events p ON p.pos = t.pos LEFT JOIN late_events l ON l.ev = p.pos
    WHERE p.rel_type IS DISTINCT FROM 'm.replace'`.execute(db)
  return rows
}

export async function putRows(db: Db, rows: readonly IndexRow[]): Promise<void> {
  if (rows.length === 0) return
  const column = <Value>(read: (row: IndexRow) => Value): Value[] => rows.map(read)
  await sql`
    INSERT INTO search_events (ev, place, room, sender, key, words)
      SELECT s.ev, s.place, s.room, s.sender, s.key, s.vector::tsvector
      FROM unnest(${column(({ ev }) => ev)}::bigint[], ${column(({ place }) => place)}::bigint[],
        ${column(({ room }) => room)}::bigint[], ${column(({ sender }) => sender)}::bigint[],
        ${column(({ key }) => key)}::smallint[], ${column(({ vector }) => vector)}::text[])
        AS s(ev, place, room, sender, key, vector)
    ON CONFLICT (ev) DO UPDATE SET words = excluded.words, place = excluded.place`.execute(db)
}

export async function deleteRows(db: Db, events: readonly number[]): Promise<void> {
  if (events.length === 0) return
  await sql`DELETE FROM search_events WHERE ev = ANY (${events}::bigint[])`.execute(db)
}
