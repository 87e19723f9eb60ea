import { sql } from 'kysely'
import type { Db } from '#db/db.ts'

/** A registration token as the administration API shows it. */
export interface RegistrationToken {
  readonly token: string
  /** `null`: any number. */
  readonly uses_allowed: number | null
  /** Uses of registrations under way. */
  readonly pending: number
  readonly completed: number
  /** In milliseconds; `null`: never. */
  readonly expiry_time: number | null
}

const pending = (now: number) =>
  sql<number>`(
    SELECT count(*) FROM registration_reservations r
    WHERE r.token = registration_tokens.token AND r.expires_ts > ${now}
  )`.as('pending')

export async function allTokens(db: Db, now: number): Promise<RegistrationToken[]> {
  return await db
    .selectFrom('registration_tokens')
    .select(['token', 'uses_allowed', pending(now), 'completed', 'expiry_time'])
    .orderBy('token')
    .execute()
}

export async function tokenByName(
  db: Db,
  token: string,
  now: number,
): Promise<RegistrationToken | undefined> {
  return await db
    .selectFrom('registration_tokens')
    .select(['token', 'uses_allowed', pending(now), 'completed', 'expiry_time'])
    .where('token', '=', token)
    .executeTakeFirst()
}

/** Locks a token until the transaction ends, so that its uses can be counted. */
export async function lockToken(db: Db, token: string): Promise<void> {
  await db
    .selectFrom('registration_tokens')
    .select('token')
    .where('token', '=', token)
    .forUpdate()
    .execute()
}

/** False when there is such a token already. */
export async function insertToken(
  db: Db,
  token: { token: string; uses_allowed: number | null; expiry_time: number | null },
): Promise<boolean> {
  const { numInsertedOrUpdatedRows } = await db
    .insertInto('registration_tokens')
    .values(token)
    .onConflict((conflict) => conflict.column('token').doNothing())
    .executeTakeFirst()
  return numInsertedOrUpdatedRows !== undefined && numInsertedOrUpdatedRows > 0n
}

export async function updateToken(
  db: Db,
  token: string,
  change: { uses_allowed?: number | null; expiry_time?: number | null },
): Promise<void> {
  if (Object.keys(change).length === 0) return
  await db.updateTable('registration_tokens').set(change).where('token', '=', token).execute()
}

export async function deleteToken(db: Db, token: string): Promise<boolean> {
  const { numDeletedRows } = await db
    .deleteFrom('registration_tokens')
    .where('token', '=', token)
    .executeTakeFirst()
  return numDeletedRows > 0n
}

/** Takes a use for a session; the same session may take it again. */
export async function insertReservation(
  db: Db,
  reservation: { session: string; token: string; expires_ts: number },
): Promise<void> {
  const { token, expires_ts } = reservation
  await db
    .insertInto('registration_reservations')
    .values(reservation)
    .onConflict((conflict) => conflict.column('session').doUpdateSet({ token, expires_ts }))
    .execute()
}

export async function deleteExpiredReservations(db: Db, now: number): Promise<void> {
  await db.deleteFrom('registration_reservations').where('expires_ts', '<=', now).execute()
}

/** Gives a session's use back; tells of which token. */
export async function deleteReservation(db: Db, session: string): Promise<string | undefined> {
  const row = await db
    .deleteFrom('registration_reservations')
    .where('session', '=', session)
    .returning('token')
    .executeTakeFirst()
  return row?.token
}

export async function countCompletion(db: Db, token: string): Promise<void> {
  await db
    .updateTable('registration_tokens')
    .set((eb) => ({ completed: eb('completed', '+', 1) }))
    .where('token', '=', token)
    .execute()
}
