import type { Db } from '#db/db.ts'
import type { UserKey } from '#log/types.ts'
import type { EventId, RoomId, UserId } from '#matrix/ids.ts'

/** What a report is about. */
export type Subject =
  | { readonly kind: 'room'; readonly roomId: RoomId }
  | { readonly kind: 'event'; readonly roomId: RoomId; readonly eventId: EventId }
  | { readonly kind: 'user'; readonly userId: UserId }

export interface ReportRow {
  readonly id: number
  readonly reporter: UserKey
  readonly kind: string
  readonly room_id: string | null
  readonly event_id: string | null
  readonly user_id: string | null
  readonly reason: string | null
  readonly received_ts: number
}

/** Which reports to list; older ones than `before` by number. */
export interface ReportQuery {
  readonly kind: Subject['kind'] | undefined
  readonly before: number | undefined
  readonly limit: number
}

const IDENTITY = ['reporter', 'kind', 'room_id', 'event_id', 'user_id'] as const

/** Stores a report; the same person's earlier one about the same gives way to it. */
export async function saveReport(
  db: Db,
  report: { reporter: UserKey; subject: Subject; reason: string | undefined; now: number },
): Promise<void> {
  const { subject, reporter, now } = report
  const reason = report.reason ?? null
  await db
    .insertInto('reports')
    .values({
      reporter,
      kind: subject.kind,
      room_id: 'roomId' in subject ? subject.roomId : null,
      event_id: 'eventId' in subject ? subject.eventId : null,
      user_id: 'userId' in subject ? subject.userId : null,
      reason,
      received_ts: now,
    })
    .onConflict((conflict) => conflict.columns(IDENTITY).doUpdateSet({ reason, received_ts: now }))
    .execute()
}

/** Reports, the newest first. */
export async function listReports(db: Db, query: ReportQuery): Promise<ReportRow[]> {
  let select = db.selectFrom('reports').selectAll().orderBy('id', 'desc').limit(query.limit)
  if (query.kind !== undefined) select = select.where('kind', '=', query.kind)
  if (query.before !== undefined) select = select.where('id', '<', query.before)
  const rows = await select.execute()
  return rows.map((row) => ({ ...row, reporter: row.reporter as UserKey }))
}
