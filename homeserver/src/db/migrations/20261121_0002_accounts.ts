import { sql } from 'kysely'
import type { Migration } from './index.ts'

/** Accounts, devices, tokens, user-interactive authentication, profiles and filters. */
export const accounts: Migration = {
  name: '20261121_0002_accounts',
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  `CREATE TABLE accounts (
    user_key bigint PRIMARY KEY,
    user_id text COLLATE "C" NOT NULL UNIQUE,
    password_hash text,
    admin boolean NOT NULL,
    deactivated boolean NOT NULL DEFAULT false,
    created_ts bigint NOT NULL
  )`,
  `CREATE TABLE devices (
    key bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    user_key bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    device_id text COLLATE "C" NOT NULL,
    display_name text,
    created_ts bigint NOT NULL,
    last_seen_ts bigint,
    last_seen_ip text,
    last_seen_user_agent text,
    UNIQUE (user_key, device_id)
  )`,
  // a token itself is never stored: who reads the database cannot use it
  `CREATE TABLE access_tokens (
    hash bytea PRIMARY KEY,
    device_key bigint NOT NULL REFERENCES devices ON DELETE CASCADE,
    created_ts bigint NOT NULL
  )`,
  `CREATE INDEX access_tokens_device_key ON access_tokens (device_key)`,
  `CREATE TABLE login_tokens (
    hash bytea PRIMARY KEY,
    user_key bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    expires_ts bigint NOT NULL
  )`,
  `CREATE INDEX login_tokens_expires_ts ON login_tokens (expires_ts)`,
  `CREATE TABLE registration_tokens (
    token text COLLATE "C" PRIMARY KEY,
    uses_allowed integer,
    completed integer NOT NULL DEFAULT 0,
    expiry_time bigint
  )`,
  // uses that a registration under way has taken but not yet made
  `CREATE TABLE registration_reservations (
    session text COLLATE "C" PRIMARY KEY,
    token text COLLATE "C" NOT NULL REFERENCES registration_tokens ON DELETE CASCADE,
    expires_ts bigint NOT NULL
  )`,
  `CREATE INDEX registration_reservations_token ON registration_reservations (token)`,
  `CREATE TABLE setup_token (
    id smallint PRIMARY KEY DEFAULT 1 CHECK (id = 1),
    token text COLLATE "C" NOT NULL
  )`,
  `CREATE TABLE uia_sessions (
    id text COLLATE "C" PRIMARY KEY,
    operation text NOT NULL,
    body_hash bytea,
    completed text NOT NULL DEFAULT '{}',
    expires_ts bigint NOT NULL
  )`,
  `CREATE INDEX uia_sessions_expires_ts ON uia_sessions (expires_ts)`,
  // JSON text, not jsonb: field values are kept as they came, NUL escapes included
  `CREATE TABLE profiles (
    user_key bigint PRIMARY KEY REFERENCES accounts ON DELETE CASCADE,
    fields text NOT NULL
  )`,
  `CREATE TABLE filters (
    id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    user_key bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
    hash bytea NOT NULL,
    definition text NOT NULL,
    UNIQUE (user_key, hash)
  )`,
] as const
