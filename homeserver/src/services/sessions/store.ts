import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { DeviceKey, UserKey } from '#log/types.ts'
import type { DeviceId, UserId } from '#matrix/ids.ts'
import type { Seen } from './last-seen.ts'

export interface TokenOwner {
  readonly userKey: UserKey
  readonly userId: UserId
  readonly admin: boolean
  readonly guest: boolean
  readonly locked: boolean
  readonly suspended: boolean
  readonly deviceKey: DeviceKey
  readonly deviceId: DeviceId
  readonly expiresTs: number | null
  /** The refresh token that was given out with it, and the one before that, while unconfirmed. */
  readonly pair: { readonly key: number; readonly replaces: number } | undefined
}

/** The owner of an access token, unless the account is deactivated. */
export async function tokenOwner(db: Db, hash: Buffer): Promise<TokenOwner | undefined> {
  const row = await db
    .selectFrom('access_tokens')
    .innerJoin('devices', 'devices.key', 'access_tokens.device_key')
    .innerJoin('accounts', 'accounts.user_key', 'devices.user_key')
    .leftJoin('account_restrictions as limits', 'limits.user_key', 'accounts.user_key')
    .leftJoin('refresh_tokens', 'refresh_tokens.key', 'access_tokens.refresh_key')
    .select(['accounts.user_key', 'accounts.user_id', 'accounts.admin', 'accounts.guest'])
    .select(['limits.locked', 'limits.suspended'])
    .select(['devices.key as device_key', 'devices.device_id', 'access_tokens.expires_ts'])
    .select(['refresh_tokens.key as refresh_key', 'refresh_tokens.replaces'])
    .where('access_tokens.hash', '=', hash)
    .where('accounts.deactivated', '=', false)
    .executeTakeFirst()
  return (
    row && {
      userKey: row.user_key as UserKey,
      userId: row.user_id as UserId,
      admin: row.admin,
      guest: row.guest,
      locked: row.locked ?? false,
      suspended: row.suspended ?? false,
      deviceKey: row.device_key as DeviceKey,
      deviceId: row.device_id as DeviceId,
      expiresTs: row.expires_ts,
      pair:
        row.refresh_key === null || row.replaces === null
          ? undefined
          : { key: row.refresh_key, replaces: row.replaces },
    }
  )
}

/** True when an administrator has locked the account. */
export async function isLocked(db: Db, user: UserKey): Promise<boolean> {
  const row = await db
    .selectFrom('account_restrictions')
    .select('locked')
    .where('user_key', '=', user)
    .executeTakeFirst()
  return row?.locked ?? false
}

/** Finds or makes the user's device; a known device keeps its name. */
export async function ensureDevice(
  db: Db,
  device: { user: UserKey; deviceId: DeviceId; displayName: string | undefined; now: number },
): Promise<DeviceKey> {
  const row = await db
    .insertInto('devices')
    .values({
      user_key: device.user,
      device_id: device.deviceId,
      display_name: device.displayName ?? null,
      created_ts: device.now,
    })
    // an update that changes nothing, so that the row comes back and stays locked
    .onConflict((conflict) =>
      conflict
        .columns(['user_key', 'device_id'])
        .doUpdateSet({ device_id: (eb) => eb.ref('excluded.device_id') }),
    )
    .returning('key')
    .executeTakeFirstOrThrow()
  return row.key as DeviceKey
}

/** Ends the tokens of a device; true when it had an access token. */
export async function deleteTokens(db: Db, device: DeviceKey): Promise<boolean> {
  await db.deleteFrom('refresh_tokens').where('device_key', '=', device).execute()
  const { numDeletedRows } = await db
    .deleteFrom('access_tokens')
    .where('device_key', '=', device)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function insertToken(
  db: Db,
  token: { device: DeviceKey; hash: Buffer; now: number },
): Promise<void> {
  await db
    .insertInto('access_tokens')
    .values({ hash: token.hash, device_key: token.device, created_ts: token.now })
    .execute()
}

/** Deletes a user's devices with their tokens: all, or the one given. */
export async function deleteDevices(
  db: Db,
  user: UserKey,
  device?: DeviceKey,
): Promise<DeviceKey[]> {
  let query = db.deleteFrom('devices').where('user_key', '=', user)
  if (device !== undefined) query = query.where('key', '=', device)
  const rows = await query.returning('key').execute()
  return rows.map((row) => row.key as DeviceKey)
}

/** Devices of the accounts among the users, by device ID. */
export async function devicesOf(
  db: Db,
  users: readonly UserId[],
): Promise<Map<UserId, Map<DeviceId, DeviceKey>>> {
  const rows = await db
    .selectFrom('accounts')
    .innerJoin('devices', 'devices.user_key', 'accounts.user_key')
    .select(['accounts.user_id', 'devices.device_id', 'devices.key'])
    .where('accounts.user_id', '=', sql<string>`ANY (${users})`)
    .where('accounts.deactivated', '=', false)
    .execute()
  const devices = new Map<UserId, Map<DeviceId, DeviceKey>>()
  for (const row of rows) {
    const user = row.user_id as UserId
    const ofUser = devices.get(user) ?? new Map<DeviceId, DeviceKey>()
    devices.set(user, ofUser.set(row.device_id as DeviceId, row.key as DeviceKey))
  }
  return devices
}

/** Notes when and from where devices were last used, unless another worker saw them later. */
export async function updateLastSeen(db: Db, seen: ReadonlyMap<DeviceKey, Seen>): Promise<void> {
  const rows = [...seen].map(([key, { ts, ip, userAgent }]) => ({ key, ts, ip, ua: userAgent }))
  await sql`
    UPDATE devices SET last_seen_ts = s.ts, last_seen_ip = s.ip, last_seen_user_agent = s.ua
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS s(key bigint, ts bigint, ip text, ua text)
    WHERE devices.key = s.key
      AND (devices.last_seen_ts IS NULL OR devices.last_seen_ts < s.ts)`.execute(db)
}

export async function insertLoginToken(
  db: Db,
  { hash, owner, expiresTs }: { hash: Buffer; owner: UserKey; expiresTs: number },
): Promise<void> {
  const row = { hash, user_key: owner, expires_ts: expiresTs }
  await db.insertInto('login_tokens').values(row).execute()
}

/** Takes a login token, so that it works once; undefined when it is unknown or expired. */
export async function takeLoginToken(
  db: Db,
  hash: Buffer,
  now: number,
): Promise<UserId | undefined> {
  const row = await db
    .deleteFrom('login_tokens')
    .using('accounts')
    .where('login_tokens.hash', '=', hash)
    .whereRef('accounts.user_key', '=', 'login_tokens.user_key')
    .returning(['accounts.user_id', 'login_tokens.expires_ts'])
    .executeTakeFirst()
  return row !== undefined && row.expires_ts > now ? (row.user_id as UserId) : undefined
}

export async function deleteExpiredLoginTokens(db: Db, now: number): Promise<void> {
  await db.deleteFrom('login_tokens').where('expires_ts', '<=', now).execute()
}
