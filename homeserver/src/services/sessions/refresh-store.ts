import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { DeviceKey } from '#log/types.ts'
import type { DeviceId } from '#matrix/ids.ts'

/** A refresh token whose device still exists. */
export interface RefreshToken {
  readonly key: number
  readonly device: DeviceKey
  readonly deviceId: DeviceId
  /** The token that it was given for, while nobody has used the new pair. */
  readonly replaces: number | null
  readonly revoked: boolean
  /** The account is locked. */
  readonly locked: boolean
}

/** An access token, and the refresh token that is given out with it. */
export interface TokenPair {
  readonly device: DeviceKey
  readonly access: Buffer
  readonly refresh: Buffer
  readonly replaces: number | null
  readonly expires: number
  readonly now: number
}

/** Revoked tokens of a device that are kept, so that who comes with one is told it may sign in again. */
const KEPT_REVOKED = 20
/** Pairs of a device that may be in use: windows of one client refresh at once, and answers get lost. */
const KEPT_PAIRS = 8
/** How long an access token may live on when its successor was used, for requests under way. */
const GRACE_MS = 60_000

/** Finds a refresh token and keeps others from using it until the transaction ends. */
export async function lockRefreshToken(db: Db, hash: Buffer): Promise<RefreshToken | undefined> {
  const row = await db
    .selectFrom('refresh_tokens')
    .innerJoin('devices', 'devices.key', 'refresh_tokens.device_key')
    .innerJoin('accounts', 'accounts.user_key', 'devices.user_key')
    .leftJoin('account_restrictions as limits', 'limits.user_key', 'accounts.user_key')
    .select(['refresh_tokens.key', 'device_key', 'device_id', 'replaces', 'revoked'])
    .select('limits.locked')
    .where('refresh_tokens.hash', '=', hash)
    .where('accounts.deactivated', '=', false)
    .forUpdate('refresh_tokens')
    .executeTakeFirst()
  return (
    row && {
      key: row.key,
      device: row.device_key as DeviceKey,
      deviceId: row.device_id as DeviceId,
      replaces: row.replaces,
      revoked: row.revoked,
      locked: row.locked ?? false,
    }
  )
}

export async function insertPair(db: Db, pair: TokenPair): Promise<void> {
  const { key } = await db
    .insertInto('refresh_tokens')
    .values({
      hash: pair.refresh,
      device_key: pair.device,
      replaces: pair.replaces,
      created_ts: pair.now,
    })
    .returning('key')
    .executeTakeFirstOrThrow()
  await db
    .insertInto('access_tokens')
    .values({
      hash: pair.access,
      device_key: pair.device,
      created_ts: pair.now,
      expires_ts: pair.expires,
      refresh_key: key,
    })
    .execute()
}

/** The new pair has arrived, for one of it is used: the pair before it ends. */
export async function confirmPair(
  db: Db,
  pair: { readonly key: number; readonly replaces: number },
  now: number,
): Promise<void> {
  await sql`
    WITH arrived AS (UPDATE refresh_tokens SET replaces = NULL WHERE key = ${pair.key}),
      revoked AS (UPDATE refresh_tokens SET revoked = true WHERE key = ${pair.replaces})
    UPDATE access_tokens SET expires_ts = LEAST(expires_ts, ${now + GRACE_MS})
    WHERE refresh_key = ${pair.replaces}`.execute(db)
}

/**
 * Ends all but a device's newest pairs, and the one whose refresh token is in use, so that repeating
 * adds no rows without end.
 */
export async function endOldPairs(
  db: Db,
  { device, key }: Pick<RefreshToken, 'device' | 'key'>,
  now: number,
): Promise<void> {
  await sql`
    WITH ended AS (
      UPDATE refresh_tokens SET revoked = true, replaces = NULL
      WHERE key IN (SELECT key FROM refresh_tokens
        WHERE device_key = ${device} AND NOT revoked AND key <> ${key}
        ORDER BY key DESC OFFSET ${KEPT_PAIRS})
      RETURNING key)
    UPDATE access_tokens SET expires_ts = LEAST(expires_ts, ${now})
    WHERE refresh_key IN (SELECT key FROM ended)`.execute(db)
}

/** Deletes a device's oldest revoked refresh tokens, and access tokens that were given with them. */
export async function deleteOldRevoked(db: Db, device: DeviceKey): Promise<void> {
  await sql`
    WITH gone AS (
      DELETE FROM refresh_tokens WHERE key IN (
        SELECT key FROM refresh_tokens WHERE device_key = ${device} AND revoked
        ORDER BY key DESC OFFSET ${KEPT_REVOKED})
      RETURNING key)
    DELETE FROM access_tokens
    WHERE device_key = ${device} AND refresh_key IN (SELECT key FROM gone)`.execute(db)
}
