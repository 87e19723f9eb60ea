import { sql } from 'kysely'
import type { Migration } from './index.ts'

/** Which build's functions the database has; see `db/functions`. */
export const functions: Migration = {
  name: '20261121_0004_functions',
  async up(db) {
    await sql`
      CREATE TABLE schema_functions (
        id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
        version int NOT NULL,
        fingerprint text NOT NULL
      )`.execute(db)
  },
}
