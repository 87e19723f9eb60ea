import { sql } from 'kysely'
import type { Migration } from './index.ts'

/** Guests, accounts that are locked or suspended, reports, presence. */
export const moderation: Migration = {
  name: '20261121_0008_moderation',
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `ALTER TABLE accounts ADD COLUMN guest boolean NOT NULL DEFAULT false`,
  `CREATE INDEX accounts_guest ON accounts (user_key) WHERE guest`,
  // no row: neither
  `CREATE TABLE account_restrictions (
    user_key bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    locked boolean NOT NULL,
    suspended boolean NOT NULL
  )`,
  // room_id and event_id for events, room_id for rooms, user_id for users
  `CREATE TABLE reports (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    reporter bigint NOT NULL,
    kind text COLLATE "C" NOT NULL,
    room_id text COLLATE "C",
    event_id text COLLATE "C",
    user_id text COLLATE "C",
    reason text,
    received_ts bigint NOT NULL,
    UNIQUE NULLS NOT DISTINCT (reporter, kind, room_id, event_id, user_id)
  )`,
  `CREATE TABLE presence (
    user_key bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    presence text COLLATE "C" NOT NULL,
    status_msg text,
    last_active_ts bigint NOT NULL,
    changed_ts bigint NOT NULL
  )`,
  `CREATE INDEX presence_changed_ts ON presence (changed_ts)`,
] as const
