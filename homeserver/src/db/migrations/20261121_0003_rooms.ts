import { sql } from 'kysely'
import type { Migration } from './index.ts'

/** Names of rooms: local aliases, and which rooms are published. Owned by services/directory. */
export const rooms: Migration = {
  name: '20261121_0003_rooms',
  async up(db) {
    await sql`
      CREATE TABLE room_aliases (
        alias text COLLATE "C" PRIMARY KEY,
        room_id text COLLATE "C" NOT NULL,
        creator bigint NOT NULL,
        created_ts bigint NOT NULL
      )`.execute(db)
    await sql`CREATE INDEX room_aliases_room ON room_aliases (room_id)`.execute(db)
    await sql`
      CREATE TABLE public_rooms (
        room_id text COLLATE "C" PRIMARY KEY,
        published_ts bigint NOT NULL
      )`.execute(db)
  },
}
