import type { Db } from '#db/db.ts'
import type { UserKey } from '#log/types.ts'

/** What an administrator has put upon an account. */
export interface Restrictions {
  readonly locked: boolean
  readonly suspended: boolean
}

export async function restrictionsOf(db: Db, user: UserKey): Promise<Restrictions> {
  const row = await db
    .selectFrom('account_restrictions')
    .select(['locked', 'suspended'])
    .where('user_key', '=', user)
    .executeTakeFirst()
  return row ?? { locked: false, suspended: false }
}

/** Changes what is given and leaves the rest. */
export async function restrict(
  db: Db,
  user: UserKey,
  change: Partial<Restrictions>,
): Promise<void> {
  await db
    .insertInto('account_restrictions')
    .values({ user_key: user, locked: false, suspended: false, ...change })
    .onConflict((conflict) => conflict.column('user_key').doUpdateSet(change))
    .execute()
}
