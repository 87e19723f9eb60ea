import type { Kysely } from 'kysely'
import type { Schema } from '#db/db.ts'
import type { LogReads } from '#log/reads.ts'
import type { Dictionary } from '#log/types.ts'
import { notFound } from '#matrix/errors.ts'
import { serverOf, type EventId, type RoomId, type ServerName, type UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { Accounts } from '#services/accounts/index.ts'
import type { Visibility } from '#services/visibility/index.ts'
import type { Requester } from '#services/sessions/index.ts'
import { listReports, saveReport, type ReportQuery, type Subject } from './reports-store.ts'

export interface ReportsDeps {
  readonly db: Kysely<Schema>
  readonly clock: Pick<Clock, 'now'>
  readonly serverName: ServerName
  readonly dictionary: Pick<Dictionary, 'room' | 'findUser' | 'usersByKey'>
  readonly reads: Pick<LogReads, 'eventById' | 'membershipsOf'>
  readonly visibility: Pick<Visibility, 'canSee'>
  readonly accounts: Pick<Accounts, 'find'>
}

/** A report as an administrator reads it. */
export interface Report {
  readonly id: number
  readonly kind: string
  readonly reporter: UserId | undefined
  readonly received_ts: number
  readonly reason?: string
  readonly room_id?: string
  readonly event_id?: string
  readonly user_id?: string
}

type Reporter = Pick<Requester, 'user'>

/**
 * What users report to the administrators.
 * https://spec.matrix.org/v1.19/client-server-api/#reporting-content
 */
export class Reports {
  readonly #deps: ReportsDeps

  constructor(deps: ReportsDeps) {
    this.#deps = deps
  }

  /** Whether the reporter is in the room must not matter. @throws {MatrixError} 404 */
  async room(reporter: Reporter, roomId: RoomId, reason: string): Promise<void> {
    const room = await this.#deps.dictionary.room(roomId)
    if (room === undefined) throw notFound('This server does not know the room.')
    await this.#save(reporter, { kind: 'room', roomId }, reason)
  }

  /** @throws {MatrixError} 404 unless the reporter is in the room now and may see the event */
  async event(
    reporter: Reporter,
    subject: { readonly roomId: RoomId; readonly eventId: EventId },
    reason: string | undefined,
  ): Promise<void> {
    const { dictionary, reads, visibility } = this.#deps
    const room = await dictionary.room(subject.roomId)
    const event = await reads.eventById(subject.eventId)
    const memberships = await reads.membershipsOf(reporter.user)
    const visible =
      room !== undefined &&
      event?.room === room.key &&
      memberships.get(room.key)?.membership === 'join' &&
      (await visibility.canSee(reporter.user, event))
    if (!visible) throw notFound('The event was not found or you are not joined to the room.')
    await this.#save(reporter, { kind: 'event', ...subject }, reason)
  }

  /** Whether they share a room must not matter. @throws {MatrixError} 404 */
  async user(reporter: Reporter, userId: UserId, reason: string): Promise<void> {
    const { accounts, dictionary, serverName } = this.#deps
    const known =
      serverOf(userId) === serverName
        ? await accounts.find(userId)
        : await dictionary.findUser(userId)
    if (known === undefined) throw notFound('The user was not found.')
    await this.#save(reporter, { kind: 'user', userId }, reason)
  }

  /** Reports, the newest first; `next` continues the list when there are more. */
  async list(query: ReportQuery): Promise<{ reports: Report[]; next: number | undefined }> {
    const rows = await listReports(this.#deps.db, { ...query, limit: query.limit + 1 })
    const page = rows.slice(0, query.limit)
    const users = await this.#deps.dictionary.usersByKey(page.map(({ reporter }) => reporter))
    const reports = page.map((row) => ({
      id: row.id,
      kind: row.kind,
      reporter: users.get(row.reporter)?.userId,
      received_ts: row.received_ts,
      ...(row.reason !== null && { reason: row.reason }),
      ...(row.room_id !== null && { room_id: row.room_id }),
      ...(row.event_id !== null && { event_id: row.event_id }),
      ...(row.user_id !== null && { user_id: row.user_id }),
    }))
    return { reports, next: rows.length > query.limit ? page.at(-1)?.id : undefined }
  }

  async #save(reporter: Reporter, subject: Subject, reason: string | undefined): Promise<void> {
    const { clock, db } = this.#deps
    await saveReport(db, { reporter: reporter.user, subject, reason, now: clock.now() })
  }
}
