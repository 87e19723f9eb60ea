import { sql } from 'kysely'
import type { Migration } from './index.ts'

/**
 * Where a room's current state is after an event on a branch: another point than the event's own.
 * NULL for all other events, which is what nearly all are.
 */
export const forks: Migration = {
  name: '20261121_0006_forks',
  async up(db) {
    await sql`ALTER TABLE events ADD COLUMN now_line bigint, ADD COLUMN now_idx int`.execute(db)
  },
}
