import { sql } from 'kysely'
import type { Migration } from './index.ts'

/**
 * What is found by which words. Words are made by Hearth (`services/search`), so that they depend on no
 * locale of the database and need no extension. Filled in the background, from the log's start.
 */
export const search: Migration = {
  name: '20261121_0013_search',
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  // key: 1 body, 2 name, 3 topic; place: where the log tells of the event
  `CREATE TABLE search_events (
    ev bigint PRIMARY KEY,
    place bigint NOT NULL,
    room bigint NOT NULL,
    sender bigint NOT NULL,
    key smallint NOT NULL,
    words tsvector NOT NULL
  )`,
  `CREATE INDEX search_events_place ON search_events (place)`,
  // what is not merged yet is read through by every search: little of it
  `CREATE INDEX search_events_words ON search_events USING gin (words)
    WITH (gin_pending_list_limit = 256)`,
  `CREATE TABLE search_progress (
    id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    done_to bigint NOT NULL
  )`,
  `INSERT INTO search_progress (done_to) VALUES (0)`,
] as const
