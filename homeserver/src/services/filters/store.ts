import type { Db } from '#db/db.ts'
import type { UserKey } from '#log/types.ts'

/** Stores a filter, or finds the same one again. */
export async function putFilter(
  db: Db,
  filter: { user_key: UserKey; hash: Buffer; definition: string },
): Promise<number> {
  const row = await db
    .insertInto('filters')
    .values(filter)
    // an update that changes nothing, so that the row comes back
    .onConflict((conflict) =>
      conflict.columns(['user_key', 'hash']).doUpdateSet({ hash: (eb) => eb.ref('excluded.hash') }),
    )
    .returning('id')
    .executeTakeFirstOrThrow()
  return row.id
}

export async function filterById(db: Db, user: UserKey, id: number): Promise<string | undefined> {
  const row = await db
    .selectFrom('filters')
    .select('definition')
    .where('id', '=', id)
    .where('user_key', '=', user)
    .executeTakeFirst()
  return row?.definition
}
