import { sql } from 'kysely'
import type { Migration } from './index.ts'

/**
 * Messages that wait for devices. A row lives from the request that sends it to the token by which the
 * device shows that it has it: dead versions are swept early, but rows are never rewritten, so pages
 * are filled.
 */
export const inbox: Migration = {
  name: '20261121_0005_inbox',
  async up(db) {
    // event is the text that the device is told; no reference to devices, which would lock their rows
    // within the append
    await sql`
      CREATE TABLE inbox (
        device bigint NOT NULL,
        pos bigint NOT NULL,
        event text NOT NULL,
        PRIMARY KEY (device, pos)
      ) WITH (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 1000)`.execute(
      db,
    )
    await sql`CREATE INDEX inbox_pos ON inbox (pos)`.execute(db)
  },
}
