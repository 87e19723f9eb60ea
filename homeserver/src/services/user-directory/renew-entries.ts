import { sql, type Kysely } from 'kysely'
import { transaction, type Schema, type Tx } from '#db/db.ts'
import { readJsonMap } from '#db/json-column.ts'
import { parseUserId } from '#matrix/ids.ts'
import type { JsonValue } from '#matrix/json.ts'
import { searchForm } from './search-form.ts'

const ACCOUNTS_AT_ONCE = 1_000

/** Puts into the directory what has changed since the last time: new accounts, new profiles. */
export async function renewEntries(db: Kysely<Schema>): Promise<void> {
  const changed = await db
    .selectFrom('accounts')
    .select('user_key')
    .where('in_directory', '=', false)
    .limit(1)
    .executeTakeFirst()
  if (changed === undefined) return
  for (;;) {
    const renewed = await transaction(db, renewSome)
    if (renewed < ACCOUNTS_AT_ONCE) return
  }
}

/** Accounts stay locked meanwhile, so that a profile that changes now marks its account afterwards. */
async function renewSome(tx: Tx): Promise<number> {
  const accounts = await tx
    .selectFrom('accounts')
    .select(['user_key', 'user_id'])
    .where('in_directory', '=', false)
    .orderBy('user_key')
    .limit(ACCOUNTS_AT_ONCE)
    .forNoKeyUpdate()
    .execute()
  if (accounts.length === 0) return 0
  const keys = accounts.map(({ user_key }) => user_key)
  const profiles = await tx
    .selectFrom('profiles')
    .select(['user_key', 'fields'])
    .where('user_key', 'in', keys)
    .execute()
  const fields = new Map(profiles.map((row) => [row.user_key, readJsonMap(row.fields)]))
  const entries = accounts.map((account) => {
    const profile = fields.get(account.user_key)
    const name = storable(profile?.get('displayname'))
    const form = searchForm(parseUserId(account.user_id), name)
    return {
      user_key: account.user_key,
      user_id: account.user_id,
      display_name: name,
      avatar_url: storable(profile?.get('avatar_url')),
      search: form.search,
      tokens: [...form.tokens],
    }
  })
  await tx
    .insertInto('user_directory')
    .values(entries)
    .onConflict((conflict) =>
      conflict.column('user_key').doUpdateSet((row) => ({
        display_name: row.ref('excluded.display_name'),
        avatar_url: row.ref('excluded.avatar_url'),
        search: row.ref('excluded.search'),
        tokens: row.ref('excluded.tokens'),
      })),
    )
    .execute()
  await sql`UPDATE accounts SET in_directory = true WHERE user_key = ANY (${keys}::bigint[])`.execute(
    tx,
  )
  return accounts.length
}

/** A text that a column can hold; null for none and for an empty one. */
function storable(value: JsonValue | undefined): string | null {
  if (typeof value !== 'string' || value === '') return null
  return value.toWellFormed().replaceAll('\0', '\u{fffd}')
}
