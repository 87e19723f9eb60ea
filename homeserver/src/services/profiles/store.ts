import type { Db } from '#db/db.ts'
import { readJsonMap, writeJsonMap } from '#db/json-column.ts'
import type { UserKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import type { JsonValue } from '#matrix/json.ts'

/** Field values by name. */
export type Fields = ReadonlyMap<string, JsonValue>

/** A local user's fields; undefined when there is no such account. */
export async function fieldsOf(db: Db, userId: UserId): Promise<Fields | undefined> {
  const row = await db
    .selectFrom('accounts')
    .leftJoin('profiles', 'profiles.user_key', 'accounts.user_key')
    .select('profiles.fields')
    .where('accounts.user_id', '=', userId)
    .where('accounts.deactivated', '=', false)
    .executeTakeFirst()
  return row && readJsonMap(row.fields ?? '{}')
}

/** The fields to change them: no other change comes in between until the transaction ends. */
export async function lockFields(db: Db, user: UserKey): Promise<Fields> {
  // the row exists from here on, so that it can be locked
  await db
    .insertInto('profiles')
    .values({ user_key: user, fields: '{}' })
    .onConflict((conflict) => conflict.column('user_key').doNothing())
    .execute()
  const row = await db
    .selectFrom('profiles')
    .select('fields')
    .where('user_key', '=', user)
    .forUpdate()
    .executeTakeFirstOrThrow()
  return readJsonMap(row.fields)
}

export async function writeFields(db: Db, user: UserKey, fields: Fields): Promise<void> {
  await db
    .updateTable('profiles')
    .set({ fields: writeJsonMap(fields) })
    .where('user_key', '=', user)
    .execute()
  await outdateDirectory(db, user)
}

export async function deleteFields(db: Db, user: UserKey): Promise<void> {
  await db.deleteFrom('profiles').where('user_key', '=', user).execute()
  await outdateDirectory(db, user)
}

/** The user directory has an old name from now on, and looks at the account again. */
async function outdateDirectory(db: Db, user: UserKey): Promise<void> {
  await db
    .updateTable('accounts')
    .set({ in_directory: false })
    .where('user_key', '=', user)
    .execute()
}
