import { sql } from 'kysely'
import type { Migration } from './index.ts'

/**
 * Pushers: where a device wants to be told of events, up to where it was told, and which worker is at
 * it. Rewritten with each event that concerns them, so pages keep room for the next version.
 */
export const push: Migration = {
  name: '20261121_0012_push',
  async up(db) {
    await sql`
      CREATE TABLE pushers (
        id bigint PRIMARY KEY GENERATED ALWAYS AS IDENTITY,
        user_key bigint NOT NULL REFERENCES accounts ON DELETE CASCADE,
        device_key bigint NOT NULL REFERENCES devices ON DELETE CASCADE,
        app_id text COLLATE "C" NOT NULL,
        pushkey text COLLATE "C" NOT NULL,
        app_display_name text NOT NULL,
        device_display_name text NOT NULL,
        profile_tag text,
        lang text NOT NULL,
        url text NOT NULL,
        data text NOT NULL,
        set_ts bigint NOT NULL,
        told_to bigint NOT NULL,
        told_unread int NOT NULL DEFAULT 0,
        failures int NOT NULL DEFAULT 0,
        next_try_ts bigint NOT NULL DEFAULT 0,
        lease_by text,
        lease_until bigint NOT NULL DEFAULT 0,
        UNIQUE (user_key, app_id, pushkey)
      ) WITH (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)`.execute(db)
    await sql`CREATE INDEX pushers_device ON pushers (device_key)`.execute(db)
    await sql`CREATE INDEX pushers_target ON pushers (app_id, pushkey)`.execute(db)
  },
}
