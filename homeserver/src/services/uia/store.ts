import { sql } from 'kysely'
import { z } from 'zod'
import type { Db } from '#db/db.ts'
import { readJsonMap, writeJsonMap } from '#db/json-column.ts'
import type { DeviceKey } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import type { UserId } from '#matrix/ids.ts'
import type { JsonValue } from '#matrix/json.ts'

/** What each completed stage resolved to, by type. */
export type Completed = ReadonlyMap<string, JsonValue>

/** Stage types of each flow. */
export type FlowTypes = readonly (readonly string[])[]

export interface SessionRow {
  readonly operation: string
  /** The signed-in user who began it. */
  readonly userId: UserId | null
  readonly bodyHash: Buffer | null
  readonly completed: Completed
  /** What was offered when it began. */
  readonly flows: FlowTypes
}

export interface NewSessionRow {
  readonly id: string
  readonly operation: string
  readonly userId: UserId | undefined
  readonly bodyHash: Buffer | undefined
  readonly flows: FlowTypes
  readonly expires: number
}

const flowTypes = z.array(z.array(z.string()))

export async function insertSession(db: Db, session: NewSessionRow): Promise<void> {
  await db
    .insertInto('uia_sessions')
    .values({
      id: session.id,
      operation: session.operation,
      user_id: session.userId ?? null,
      body_hash: session.bodyHash ?? null,
      flows: JSON.stringify(session.flows),
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
    .select(['operation', 'user_id', 'body_hash', 'completed', 'flows'])
    .where('id', '=', id)
    .where('expires_ts', '>', now)
    .executeTakeFirst()
  return (
    row && {
      operation: row.operation,
      userId: row.user_id as UserId | null,
      bodyHash: row.body_hash,
      completed: readJsonMap(row.completed),
      flows: flowTypes.parse(parseJson(row.flows)),
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

/** Notes that a device's user has proved the password; nothing when the device is gone. */
export async function putProof(
  db: Db,
  proof: { readonly device: DeviceKey; readonly userId: UserId; readonly expires: number },
): Promise<void> {
  await sql`
    INSERT INTO uia_proofs (device_key, user_id, expires_ts)
    SELECT key, ${proof.userId}, ${proof.expires}::bigint FROM devices WHERE key = ${proof.device}
    ON CONFLICT (device_key) DO UPDATE SET expires_ts = excluded.expires_ts`.execute(db)
}

export async function hasProof(db: Db, device: DeviceKey, now: number): Promise<boolean> {
  const row = await db
    .selectFrom('uia_proofs')
    .select('device_key')
    .where('device_key', '=', device)
    .where('expires_ts', '>', now)
    .executeTakeFirst()
  return row !== undefined
}

export async function deleteProofs(db: Db, userId: UserId): Promise<void> {
  await db.deleteFrom('uia_proofs').where('user_id', '=', userId).execute()
}
