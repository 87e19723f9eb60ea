import { sql } from 'kysely'
import type { Migration } from './index.ts'

/** Late events by room: a room's newest events are read from here and from `events`. */
export const lateEvents: Migration = {
  name: '20261121_0007_late_events',
  async up(db) {
    await sql`ALTER TABLE late_events ADD COLUMN room bigint`.execute(db)
    await sql`UPDATE late_events l SET room = e.room FROM events e WHERE e.pos = l.ev`.execute(db)
    await sql`ALTER TABLE late_events ALTER COLUMN room SET NOT NULL`.execute(db)
    await sql`CREATE INDEX late_events_room ON late_events (room, pos) INCLUDE (ev)`.execute(db)
  },
}
