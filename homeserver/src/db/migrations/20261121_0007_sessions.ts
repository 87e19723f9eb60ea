import { sql } from 'kysely'
import type { Migration } from './index.ts'

/** Tokens that expire and are refreshed, OpenID tokens, whose a UIA session is, deactivated accounts. */
export const sessions: Migration = {
  name: '20261121_0007_sessions',
  async up(db) {
    for (const statement of STATEMENTS) await sql.raw(statement).execute(db)
  },
}

const STATEMENTS = [
  // leaving: deactivated, but maybe still in rooms
  `ALTER TABLE accounts
    ADD COLUMN leaving boolean NOT NULL DEFAULT false,
    ADD COLUMN erased boolean NOT NULL DEFAULT false`,
  `CREATE INDEX accounts_leaving ON accounts (user_key) WHERE leaving`,
  `CREATE INDEX accounts_erased ON accounts (user_key) WHERE erased`,
  // replaces: the token that this one was given for, as long as nobody has used the new pair
  `CREATE TABLE refresh_tokens (
    key bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
    hash bytea NOT NULL UNIQUE,
    device_key bigint NOT NULL REFERENCES devices ON DELETE CASCADE,
    replaces bigint,
    revoked boolean NOT NULL DEFAULT false,
    created_ts bigint NOT NULL
  )`,
  `CREATE INDEX refresh_tokens_device_key ON refresh_tokens (device_key, key)`,
  // refresh_key: the refresh token that was given out together with it
  `ALTER TABLE access_tokens
    ADD COLUMN expires_ts bigint,
    ADD COLUMN refresh_key bigint`,
  `CREATE TABLE openid_tokens (
    hash bytea PRIMARY KEY,
    device_key bigint NOT NULL REFERENCES devices ON DELETE CASCADE,
    expires_ts bigint NOT NULL
  )`,
  `CREATE INDEX openid_tokens_device_key ON openid_tokens (device_key)`,
  `CREATE INDEX openid_tokens_expires_ts ON openid_tokens (expires_ts)`,
  // flows: the stage types that were offered, for fallback pages
  `ALTER TABLE uia_sessions
    ADD COLUMN user_id text COLLATE "C",
    ADD COLUMN flows text NOT NULL DEFAULT '[]'`,
  // devices whose user has just proved the password
  `CREATE TABLE uia_proofs (
    device_key bigint PRIMARY KEY REFERENCES devices ON DELETE CASCADE,
    user_id text COLLATE "C" NOT NULL,
    expires_ts bigint NOT NULL
  )`,
  `CREATE INDEX uia_proofs_user_id ON uia_proofs (user_id)`,
] as const
