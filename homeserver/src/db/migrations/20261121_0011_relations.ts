import { sql } from 'kysely'
import type { Migration } from './index.ts'

/**
 * What events relate to, beside the event: plain messages have nothing there, and no partial index
 * knows them. And events by their time, for jumping to a date.
 */
export const relations: Migration = {
  name: '20261121_0011_relations',
  async up(db) {
    await sql`ALTER TABLE events
      ADD COLUMN relates_to text COLLATE "C", ADD COLUMN rel_type text COLLATE "C"`.execute(db)
    // text that no server should have made has no relation
    await sql`CREATE FUNCTION hs_relation_of_text(pdu text, encrypted boolean, is_state boolean,
        OUT id text, OUT rel text) LANGUAGE plpgsql IMMUTABLE AS $$
      DECLARE
        content json;
        relation json;
      BEGIN
        content := pdu::json -> 'content';
        relation := content -> 'm.relates_to';
        IF json_typeof(relation -> 'event_id') <> 'string'
            OR json_typeof(relation -> 'rel_type') <> 'string' THEN
          RETURN;
        END IF;
        rel := relation ->> 'rel_type';
        IF octet_length(rel) > 255 OR (rel = 'm.replace' AND (is_state
            OR NOT encrypted AND json_typeof(content -> 'm.new_content') IS DISTINCT FROM 'object')) THEN
          rel := NULL;
          RETURN;
        END IF;
        id := relation ->> 'event_id';
      EXCEPTION WHEN others THEN
        id := NULL;
        rel := NULL;
      END $$`.execute(db)
    await sql`WITH found AS (
        SELECT e.pos, r.id, r.rel FROM events e
          JOIN event_types t ON t.key = e.type,
          hs_relation_of_text(e.pdu, t.type = 'm.room.encrypted', e.state_key IS NOT NULL) r
        WHERE e.pdu LIKE '%"m.relates_to"%' AND r.id LIKE '$%' AND octet_length(r.id) <= 255)
      UPDATE events SET relates_to = found.id, rel_type = found.rel
        FROM found WHERE events.pos = found.pos AND found.rel IS NOT NULL`.execute(db)
    await sql`UPDATE events SET flags = events.flags | 128
      FROM (SELECT DISTINCT room, relates_to FROM events WHERE relates_to IS NOT NULL) c
      WHERE events.event_id = c.relates_to AND events.room = c.room`.execute(db)
    await sql`DROP FUNCTION hs_relation_of_text`.execute(db)
    await sql`CREATE INDEX events_relations ON events (relates_to, room, depth, pos)
      WHERE relates_to IS NOT NULL`.execute(db)
    await sql`CREATE INDEX events_annotations ON events (relates_to, sender)
      WHERE rel_type = 'm.annotation'`.execute(db)
    await sql`CREATE INDEX events_threads ON events (room, depth, pos)
      WHERE rel_type = 'm.thread'`.execute(db)
    await sql`CREATE INDEX events_in_threads ON events (room, pos)
      WHERE thread IS NOT NULL`.execute(db)
    await sql`CREATE INDEX events_room_ts ON events (room, ts, pos)`.execute(db)
  },
}
