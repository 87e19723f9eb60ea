import { sql } from 'kysely'
import type { Migration } from './index.ts'

/** What the room directory and the user directory are searched in; both can be made anew. */
export const directory: Migration = {
  name: '20261121_0010_directory',
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  // open: everybody may join or read it; search: name, topic and aliases, folded
  `CREATE TABLE room_summaries (
    room bigint PRIMARY KEY,
    published boolean NOT NULL,
    open boolean NOT NULL,
    joined int NOT NULL,
    name text,
    topic text,
    canonical_alias text COLLATE "C",
    avatar_url text,
    join_rule text COLLATE "C" NOT NULL,
    world_readable boolean NOT NULL,
    guest_can_join boolean NOT NULL,
    room_type text COLLATE "C",
    search text COLLATE "C" NOT NULL
  )`,
  `CREATE INDEX room_summaries_listed ON room_summaries (joined DESC, room)
    WHERE published AND joined > 0`,
  `CREATE TABLE room_summaries_progress (
    id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    done_to bigint NOT NULL
  )`,
  `INSERT INTO room_summaries_progress (done_to) VALUES (-1)`,
  // search: localpart and display name, folded; tokens: what of it an index can find
  `CREATE TABLE user_directory (
    user_key bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    user_id text COLLATE "C" NOT NULL,
    display_name text,
    avatar_url text,
    search text COLLATE "C" NOT NULL,
    tokens text[] COLLATE "C" NOT NULL
  )`,
  `CREATE INDEX user_directory_tokens ON user_directory USING gin (tokens) WITH (fastupdate = off)`,
  // true once user_directory has what the profile says
  `ALTER TABLE accounts ADD COLUMN in_directory boolean NOT NULL DEFAULT false`,
  `CREATE INDEX accounts_not_in_directory ON accounts (user_key) WHERE NOT in_directory`,
] as const
