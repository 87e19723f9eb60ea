import type { Db } from '#db/db.ts'
import { readJsonMap, writeJsonMap } from '#db/json-column.ts'
import type { JsonValue } from '#matrix/json.ts'

/** What each completed stage resolved to, by type. */
export type Completed = ReadonlyMap<string, JsonValue>

export interface SessionRow {
  readonly operation: string
  readonly bodyHash: Buffer | null
  readonly completed: Completed
}

export async function insertSession(
  db: Db,
  session: { id: string; operation: string; bodyHash: Buffer | undefined; expires: number },
): Promise<void> {
  await db
    .insertInto('uia_sessions')
    .values({
      id: session.id,
      operation: session.operation,
      body_hash: session.bodyHash ?? null,
      expires_ts: session.expires,
    })
    .execute()
}

export async function sessionById(
  db: Db,
  id: string,
  now: number,
): Promise<SessionRow | undefined> {
  const row = await db
    .selectFrom('uia_sessions')
    .select(['operation', 'body_hash', 'completed'])
    .where('id', '=', id)
    .where('expires_ts', '>', now)
    .executeTakeFirst()
  return (
    row && {
      operation: row.operation,
      bodyHash: row.body_hash,
      completed: readJsonMap(row.completed),
    }
  )
}

/** Ties a session to its first parameters, unless another request did so already. */
export async function bindSession(db: Db, id: string, bodyHash: Buffer): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('uia_sessions')
    .set({ body_hash: bodyHash })
    .where('id', '=', id)
    .where('body_hash', 'is', null)
    .executeTakeFirst()
  return numUpdatedRows > 0n
}

export async function setCompleted(db: Db, id: string, completed: Completed): Promise<void> {
  await db
    .updateTable('uia_sessions')
    .set({ completed: writeJsonMap(completed) })
    .where('id', '=', id)
    .execute()
}

/** Ends a session; false when another request ended it first. */
export async function deleteSession(db: Db, id: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('uia_sessions')
    .where('id', '=', id)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

export async function deleteExpired(db: Db, now: number): Promise<void> {
  await db.deleteFrom('uia_sessions').where('expires_ts', '<=', now).execute()
}
