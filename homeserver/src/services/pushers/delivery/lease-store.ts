import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import { asUserKey } from '#log/keys.ts'
import type { RoomKey, UserKey } from '#log/types.ts'
import { pusherOf, type PusherRow } from '../rows.ts'
import type { Pusher } from '../types.ts'

/** How long a worker that has died keeps a pusher from the others. */
const LEASE_MS = 60_000
/** When another worker is at a pusher, it is looked at again after this time. */
const BUSY_MS = 2_000

/** The database's clock: that of workers on other hosts may differ. */
const NOW = sql<number>`(extract(epoch FROM clock_timestamp()) * 1000)::bigint`

/** A locked account is told nothing. Unlocking it wakes its pushers, so that nothing waits for that. */
const UNLOCKED = sql`NOT EXISTS (
  SELECT FROM account_restrictions r WHERE r.user_key = pushers.user_key AND r.locked)`

interface Claim {
  readonly pushers: readonly Pusher[]
  /** Milliseconds until one of the user's other pushers may be due; undefined: none waits. */
  readonly againInMs: number | undefined
}

/** Takes those of a user's pushers that nobody is at and that need not wait after a failure. */
export async function claim(
  db: Db,
  user: UserKey,
  { worker, now }: { readonly worker: string; readonly now: number },
): Promise<Claim> {
  const { rows } = await sql<PusherRow>`
    UPDATE pushers SET lease_by = ${worker}, lease_until = ${NOW} + ${LEASE_MS}
    WHERE user_key = ${user} AND lease_until < ${NOW} AND next_try_ts <= ${now}
      AND ${UNLOCKED}
    RETURNING *`.execute(db)
  const waiting = await sql<{ wait: number | null }>`
    SELECT min(greatest(next_try_ts - ${now},
        CASE WHEN lease_until >= ${NOW} THEN ${BUSY_MS}::bigint ELSE 0 END)) AS wait
    FROM pushers
    WHERE user_key = ${user} AND id <> ALL (${rows.map(({ id }) => id)}::bigint[])
      AND ${UNLOCKED}`.execute(db)
  return { pushers: rows.map(pusherOf), againInMs: waiting.rows[0]?.wait ?? undefined }
}

/** What a worker notes of a pusher it is at. */
export interface Progress {
  readonly toldTo: number
  readonly toldUnread: number
  readonly failures: number
  readonly nextTryTs: number
}

/**
 * Notes how far a pusher is, and keeps the lease or gives it back.
 * @returns false when the pusher is gone, or another worker's by now: it must be left alone
 */
export async function note(
  db: Db,
  id: number,
  worker: string,
  progress: Progress,
  keep: boolean,
): Promise<boolean> {
  const until = keep ? sql`${NOW} + ${LEASE_MS}` : sql`0`
  const { numAffectedRows } = await sql`
    UPDATE pushers
    SET told_to = ${progress.toldTo}, told_unread = ${progress.toldUnread},
      failures = ${progress.failures}, next_try_ts = ${progress.nextTryTs},
      lease_until = ${until}, lease_by = CASE WHEN ${keep} THEN lease_by END
    WHERE id = ${id} AND lease_by = ${worker}`.execute(db)
  return numAffectedRows === 1n
}

/** Everybody who has pushers. */
export async function usersWithPushers(db: Db): Promise<UserKey[]> {
  const rows = await db.selectFrom('pushers').select('user_key').distinct().execute()
  return rows.map((row) => asUserKey(row.user_key))
}

/** Who has pushers that were not told of everything: something is newer, or a failure waits. */
export async function usersBehind(db: Db): Promise<UserKey[]> {
  const { rows } = await sql<{ user_key: number }>`
    SELECT DISTINCT p.user_key FROM pushers p
    WHERE p.failures > 0 OR EXISTS (
      SELECT FROM memberships m JOIN rooms r ON r.key = m.room
      WHERE m.user_key = p.user_key AND m.membership IN ('join', 'invite')
        AND r.last_pos > p.told_to)`.execute(db)
  return rows.map((row) => asUserKey(row.user_key))
}

/** Members of a room who have pushers. */
export async function membersWithPushers(db: Db, room: RoomKey): Promise<UserKey[]> {
  const { rows } = await sql<{ user_key: number }>`
    SELECT DISTINCT p.user_key FROM pushers p
    JOIN memberships m ON m.user_key = p.user_key AND m.room = ${room}
    WHERE m.membership = 'join'`.execute(db)
  return rows.map((row) => asUserKey(row.user_key))
}

export async function hasPushers(db: Db, user: UserKey): Promise<boolean> {
  const row = await db
    .selectFrom('pushers')
    .select('id')
    .where('user_key', '=', user)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

/** Deletes every pusher with a key that its gateway no longer takes. */
export async function deleteRejected(
  db: Db,
  { appId, pushkey, url }: Pick<Pusher, 'appId' | 'pushkey' | 'url'>,
): Promise<void> {
  await db
    .deleteFrom('pushers')
    .where('app_id', '=', appId)
    .where('pushkey', '=', pushkey)
    .where('url', '=', url)
    .execute()
}
