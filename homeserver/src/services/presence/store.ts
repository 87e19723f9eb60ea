import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { UserKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import { isState, type PresenceState } from './types.ts'

/** A user's presence as it is stored. */
export interface StoredPresence {
  readonly user: UserKey
  readonly userId: UserId
  readonly presence: PresenceState
  readonly statusMsg: string | null
  readonly lastActive: number
  readonly changed: number
}

interface Row {
  readonly user_key: number
  readonly user_id: string
  readonly presence: string
  readonly status_msg: string | null
  readonly last_active_ts: number
  readonly changed_ts: number
}

const toStored = (row: Row): StoredPresence => ({
  user: row.user_key as UserKey,
  userId: row.user_id as UserId,
  presence: isState(row.presence) ? row.presence : 'offline',
  statusMsg: row.status_msg,
  lastActive: row.last_active_ts,
  changed: row.changed_ts,
})

const selectPresence = (db: Db) =>
  db
    .selectFrom('presence')
    .innerJoin('accounts', 'accounts.user_key', 'presence.user_key')
    .select(['accounts.user_key', 'accounts.user_id', 'presence.presence', 'presence.status_msg'])
    .select(['presence.last_active_ts', 'presence.changed_ts'])

/** What changed after a time, and everybody who is not offline; in the order of the changes. */
export async function recentPresence(
  db: Db,
  after: number,
  limit: number,
): Promise<StoredPresence[]> {
  const rows = await selectPresence(db)
    .where((eb) =>
      eb.or([eb('presence.changed_ts', '>', after), eb('presence.presence', '<>', 'offline')]),
    )
    .orderBy('presence.changed_ts', 'desc')
    .limit(limit)
    .execute()
  return rows.map(toStored).reverse()
}

export async function presenceOf(db: Db, user: UserKey): Promise<StoredPresence | undefined> {
  const row = await selectPresence(db).where('presence.user_key', '=', user).executeTakeFirst()
  return row && toStored(row)
}

/**
 * Stores what is newer. Every worker writes the same, so that little is left to do for the second; a
 * time of activity is renewed only after half a minute.
 */
export async function savePresence(db: Db, users: readonly StoredPresence[]): Promise<void> {
  await sql`
    INSERT INTO presence AS p (user_key, presence, status_msg, last_active_ts, changed_ts)
    SELECT a.user_key, s.presence, s."statusMsg", s."lastActive", s.changed
    FROM json_to_recordset(${JSON.stringify(users)}::json)
      AS s("user" bigint, presence text, "statusMsg" text, "lastActive" bigint, changed bigint)
    JOIN accounts a ON a.user_key = s."user"
    ORDER BY 1
    ON CONFLICT (user_key) DO UPDATE SET presence = excluded.presence,
      status_msg = excluded.status_msg, changed_ts = excluded.changed_ts,
      last_active_ts = greatest(p.last_active_ts, excluded.last_active_ts)
    WHERE excluded.changed_ts >= p.changed_ts
      AND (p.presence <> excluded.presence OR p.status_msg IS DISTINCT FROM excluded.status_msg
        OR p.last_active_ts < excluded.last_active_ts - 30000)`.execute(db)
}
