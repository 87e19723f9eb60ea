import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import { readUpTo, type UnreadReads } from '#log/reads-unread.ts'
import type { LogReads } from '#log/reads.ts'
import type { Dictionary, Log, RoomKey, StoredEvent } from '#log/types.ts'
import { invalidParam } from '#matrix/errors.ts'
import type { PushResult } from '#matrix/push-rules/evaluate.ts'
import type { PushEvaluator, UserRef } from '#services/push-rules/index.ts'
import type { ClientEvents, Viewer } from '#services/timeline/index.ts'
import type { Visibility } from '#services/visibility/index.ts'

export interface NotificationsDeps {
  readonly db: Db
  readonly log: Pick<Log, 'head'>
  readonly reads: Pick<LogReads, 'membershipsOf' | 'eventsByPos'>
  readonly unreadReads: Pick<UnreadReads, 'unreadStates'>
  readonly dictionary: Pick<Dictionary, 'roomsByKey'>
  readonly evaluator: PushEvaluator
  readonly visibility: Visibility
  readonly clientEvents: ClientEvents
}

export interface NotificationsQuery {
  readonly from: string | undefined
  readonly limit: number
  readonly onlyHighlights: boolean
}

export interface NotificationsPage {
  /** JSON texts, the latest first. */
  readonly notifications: readonly string[]
  /** Absent at the end. A page may be short, even empty, and not be the last. */
  readonly nextToken: string | undefined
}

interface Notified {
  readonly event: StoredEvent
  readonly result: PushResult
}

/** Events looked at in one go, and how often for a page. */
const SCAN = 200
const MAX_SCANS = 5

/**
 * What a user was, or would have been, notified of in the rooms that the user is in or invited to: the
 * events are judged by the rules of now.
 * https://spec.matrix.org/v1.19/client-server-api/#listing-notifications
 */
export class Notifications {
  readonly #deps: NotificationsDeps

  constructor(deps: NotificationsDeps) {
    this.#deps = deps
  }

  /** @throws {MatrixError} 400 `M_INVALID_PARAM` for a token that is none */
  async list(user: UserRef, viewer: Viewer, query: NotificationsQuery): Promise<NotificationsPage> {
    let before = query.from === undefined ? this.#deps.log.head + 1 : parseToken(query.from)
    const found: Notified[] = []
    for (let scan = 0; scan < MAX_SCANS && found.length < query.limit; scan++) {
      const positions = await this.#positions(user, before)
      found.push(...(await this.#notified(user, positions, query.onlyHighlights)))
      const lowest = positions.at(-1)
      if (positions.length < SCAN || lowest === undefined) {
        return await this.#page(user, viewer, found, query.limit, undefined)
      }
      before = lowest
    }
    return await this.#page(user, viewer, found, query.limit, before)
  }

  /** @param scanned from where on nothing was looked at; undefined: there is nothing more */
  async #page(
    user: UserRef,
    viewer: Viewer,
    found: readonly Notified[],
    limit: number,
    scanned: number | undefined,
  ): Promise<NotificationsPage> {
    const shown = found.slice(0, limit)
    const next = found.length > limit ? shown.at(-1)?.event.pos : scanned
    return {
      notifications: await this.#texts(user, viewer, shown),
      nextToken: next === undefined ? undefined : String(next),
    }
  }

  /** Positions of what others sent in the user's rooms, and of invitations; newest first. */
  async #positions(user: UserRef, before: number): Promise<number[]> {
    const rows = [...(await this.#deps.reads.membershipsOf(user.key)).values()]
    const joined = rows.filter(({ membership }) => membership === 'join').map(({ room }) => room)
    const invites = rows.filter(({ membership, pos }) => membership === 'invite' && pos < before)
    const { rows: found } = await sql<{ pos: number }>`
      SELECT e.pos FROM unnest(${joined}::bigint[]) AS k(room)
      CROSS JOIN LATERAL (
        SELECT x.pos FROM events x
        WHERE x.room = k.room AND x.pos < ${before} AND x.pos > 0 AND x.flags & 3 = 0
          AND x.sender <> ${user.key}
        ORDER BY x.pos DESC LIMIT ${SCAN}) e
      UNION SELECT unnest(${invites.map(({ pos }) => pos)}::bigint[])
      ORDER BY pos DESC LIMIT ${SCAN}`.execute(this.#deps.db)
    return found.map(({ pos }) => pos)
  }

  async #notified(
    user: UserRef,
    positions: readonly number[],
    onlyHighlights: boolean,
  ): Promise<Notified[]> {
    if (positions.length === 0) return []
    const byPos = await this.#deps.reads.eventsByPos(positions)
    const events = positions.flatMap((pos) => byPos.get(pos) ?? [])
    const results = await this.#deps.evaluator.judge(user, events)
    const notified = events.flatMap((event, index) => {
      const result = results[index]
      if (result?.notify !== true || (onlyHighlights && !result.highlight)) return []
      return [{ event, result }]
    })
    if (notified.length === 0) return []
    const visible = await this.#deps.visibility.canSee(
      user.key,
      notified.map(({ event }) => event),
    )
    return notified.filter((_, index) => visible[index] === true)
  }

  async #texts(user: UserRef, viewer: Viewer, shown: readonly Notified[]): Promise<string[]> {
    if (shown.length === 0) return []
    const events = shown.map(({ event }) => event)
    const rooms = [...new Set(events.map(({ room }) => room))]
    const [texts, infos, isRead] = await Promise.all([
      this.#deps.clientEvents.serializeEvents(events, viewer, { roomId: false }),
      this.#deps.dictionary.roomsByKey(rooms),
      this.#readTest(user, rooms),
    ])
    return shown.map(({ event, result }, index) => {
      const rest = JSON.stringify({
        actions: result.actions,
        read: isRead(event),
        room_id: infos.get(event.room)?.roomId,
        ts: event.ts,
      })
      return `${rest.slice(0, -1)},"event":${texts[index]}}`
    })
  }

  async #readTest(
    user: UserRef,
    rooms: readonly RoomKey[],
  ): Promise<(event: StoredEvent) => boolean> {
    const states = await this.#deps.unreadReads.unreadStates(
      rooms.map((room) => ({ user: user.key, room })),
    )
    const byRoom = new Map(states.map((state) => [state.room, state]))
    return ({ room, pos, thread }) => {
      const state = byRoom.get(room)
      return state !== undefined && pos <= readUpTo(state, thread)
    }
  }
}

/** @throws {MatrixError} 400 */
function parseToken(token: string): number {
  if (!/^\d{1,15}$/.test(token)) throw invalidParam('from is not a token of this operation.')
  return Number(token)
}

export const createNotifications = (deps: NotificationsDeps): Notifications =>
  new Notifications(deps)
