import type { Db } from '#db/db.ts'
import type { DeviceKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'

export async function insertToken(
  db: Db,
  { hash, owner, expiresTs }: { hash: Buffer; owner: DeviceKey; expiresTs: number },
): Promise<void> {
  const row = { hash, device_key: owner, expires_ts: expiresTs }
  await db.insertInto('openid_tokens').values(row).execute()
}

/** The user of a token that has not expired, unless the account is deactivated. */
export async function tokenUser(db: Db, hash: Buffer, now: number): Promise<UserId | undefined> {
  const row = await db
    .selectFrom('openid_tokens')
    .innerJoin('devices', 'devices.key', 'openid_tokens.device_key')
    .innerJoin('accounts', 'accounts.user_key', 'devices.user_key')
    .select('accounts.user_id')
    .where('openid_tokens.hash', '=', hash)
    .where('openid_tokens.expires_ts', '>', now)
    .where('accounts.deactivated', '=', false)
    .executeTakeFirst()
  return row && (row.user_id as UserId)
}

export async function deleteExpired(db: Db, now: number): Promise<void> {
  await db.deleteFrom('openid_tokens').where('expires_ts', '<=', now).execute()
}
