import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { DeviceKey, UserKey } from '#log/types.ts'
import type { DeviceId } from '#matrix/ids.ts'

/** A device as its user sees it. */
export interface Device {
  readonly deviceId: DeviceId
  readonly displayName: string | null
  /** Milliseconds; `null` before the first use. */
  readonly lastSeenTs: number | null
  readonly lastSeenIp: string | null
  readonly lastSeenUserAgent: string | null
}

const COLUMNS = [
  'device_id',
  'display_name',
  'last_seen_ts',
  'last_seen_ip',
  'last_seen_user_agent',
] as const

interface Row {
  readonly device_id: string
  readonly display_name: string | null
  readonly last_seen_ts: number | null
  readonly last_seen_ip: string | null
  readonly last_seen_user_agent: string | null
}

const toDevice = (row: Row): Device => ({
  deviceId: row.device_id as DeviceId,
  displayName: row.display_name,
  lastSeenTs: row.last_seen_ts,
  lastSeenIp: row.last_seen_ip,
  lastSeenUserAgent: row.last_seen_user_agent,
})

export async function devicesOfUser(db: Db, user: UserKey): Promise<Device[]> {
  const rows = await db
    .selectFrom('devices')
    .select(COLUMNS)
    .where('user_key', '=', user)
    .orderBy('key')
    .execute()
  return rows.map(toDevice)
}

export async function deviceById(
  db: Db,
  user: UserKey,
  deviceId: DeviceId,
): Promise<Device | undefined> {
  const row = await db
    .selectFrom('devices')
    .select(COLUMNS)
    .where('user_key', '=', user)
    .where('device_id', '=', deviceId)
    .executeTakeFirst()
  return row && toDevice(row)
}

/** False when there is no such device. */
export async function renameDevice(
  db: Db,
  user: UserKey,
  deviceId: DeviceId,
  name: string,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('devices')
    .set({ display_name: name })
    .where('user_key', '=', user)
    .where('device_id', '=', deviceId)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function deleteByIds(
  db: Db,
  user: UserKey,
  deviceIds: readonly string[],
): Promise<DeviceKey[]> {
  const rows = await db
    .deleteFrom('devices')
    .where('user_key', '=', user)
    .where('device_id', '=', sql<string>`ANY (${deviceIds})`)
    .returning('key')
    .execute()
  return rows.map((row) => row.key as DeviceKey)
}

/** Deletes all devices of a user but one, and the user's tokens for further logins. */
export async function deleteAllBut(
  db: Db,
  user: UserKey,
  except: DeviceKey | undefined,
): Promise<DeviceKey[]> {
  await db.deleteFrom('login_tokens').where('user_key', '=', user).execute()
  let query = db.deleteFrom('devices').where('user_key', '=', user)
  if (except !== undefined) query = query.where('key', '!=', except)
  const rows = await query.returning('key').execute()
  return rows.map((row) => row.key as DeviceKey)
}
