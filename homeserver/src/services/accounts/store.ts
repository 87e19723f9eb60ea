import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import type { UserKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'

export interface AccountRow {
  readonly userKey: UserKey
  readonly userId: UserId
  readonly passwordHash: string | null
  readonly admin: boolean
  readonly deactivated: boolean
}

export async function insertAccount(
  db: Db,
  account: {
    user_key: UserKey
    user_id: UserId
    password_hash: string | null
    admin: boolean
    guest: boolean
    created_ts: number
  },
): Promise<void> {
  await db.insertInto('accounts').values(account).execute()
}

export async function accountById(db: Db, userId: UserId): Promise<AccountRow | undefined> {
  const row = await db
    .selectFrom('accounts')
    .select(['user_key', 'password_hash', 'admin', 'deactivated'])
    .where('user_id', '=', userId)
    .executeTakeFirst()
  return (
    row && {
      userKey: row.user_key as UserKey,
      userId,
      passwordHash: row.password_hash,
      admin: row.admin,
      deactivated: row.deactivated,
    }
  )
}

/** Makes a full account of a guest's; false when it is none, or none any more. */
export async function promoteGuest(
  db: Db,
  user: UserKey,
  account: { readonly password_hash: string; readonly admin: boolean },
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('accounts')
    .set({ ...account, guest: false })
    .where('user_key', '=', user)
    .where('guest', '=', true)
    .where('deactivated', '=', false)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

/** Nothing happens to an account that was deactivated meanwhile. */
export async function updatePassword(db: Db, user: UserKey, passwordHash: string): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ password_hash: passwordHash })
    .where('user_key', '=', user)
    .where('deactivated', '=', false)
    .execute()
}

/** Guests do not count: they do not set a server up. */
export async function anyAccount(db: Db): Promise<boolean> {
  const row = await db
    .selectFrom('accounts')
    .select('user_key')
    .where('guest', '=', false)
    .limit(1)
    .executeTakeFirst()
  return row !== undefined
}

export async function guestKeys(db: Db, among?: readonly UserKey[]): Promise<UserKey[]> {
  let query = db.selectFrom('accounts').select('user_key').where('guest', '=', true)
  if (among !== undefined) query = query.where('user_key', '=', sql<number>`ANY (${among})`)
  const rows = await query.execute()
  return rows.map((row) => row.user_key as UserKey)
}
