import type { Db } from '#db/db.ts'
import type { UserKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'

/** An account that was deactivated. */
export interface ClosedAccount {
  readonly key: UserKey
  readonly userId: UserId
  /** Its owner wants to be forgotten as far as possible. */
  readonly erased: boolean
}

/** Closes an account; the row stays, so that nobody can take the name. */
export async function closeAccount(db: Db, user: UserKey, erased: boolean): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ deactivated: true, password_hash: null, leaving: true, erased })
    .where('user_key', '=', user)
    .execute()
}

/** Closed accounts that may still be in rooms. */
export async function leavingAccounts(db: Db): Promise<ClosedAccount[]> {
  const rows = await db
    .selectFrom('accounts')
    .select(['user_key', 'user_id', 'erased'])
    .where('leaving', '=', true)
    .execute()
  return rows.map((row) => ({
    key: row.user_key as UserKey,
    userId: row.user_id as UserId,
    erased: row.erased,
  }))
}

export async function setLeft(db: Db, user: UserKey): Promise<void> {
  await db.updateTable('accounts').set({ leaving: false }).where('user_key', '=', user).execute()
}
