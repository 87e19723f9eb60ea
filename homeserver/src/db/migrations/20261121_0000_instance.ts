import { sql } from 'kysely'
import type { Migration } from './index.ts'

/** Whose database this is: one row, written when the database is first used. */
export const instance: Migration = {
  name: '20261121_0000_instance',
  async up(db) {
    await sql`
      CREATE TABLE instance (
        id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
        server_name text COLLATE "C" NOT NULL,
        created_ts bigint NOT NULL,
        test_stamp boolean NOT NULL
      )`.execute(db)
  },
}
