import type { Db } from '#db/db.ts'
import type { LogReads } from '#log/reads.ts'
import type { Log } from '#log/types.ts'
import type { JsonObject } from '#matrix/json.ts'
import type { Logger } from '#platform/logger.ts'
import type { Outbound } from '#platform/outbound/outbound.ts'
import type { Rng } from '#platform/rng.ts'
import type { UnreadCounts, UserRef } from '#services/push-rules/index.ts'
import type { Pusher } from '../types.ts'
import { notifyGateway, type Delivery } from './gateway.ts'
import { deleteRejected, note, type Progress } from './lease-store.ts'
import { badgeNotification, eventNotification, type NotificationDeps } from './notification.ts'
import { pendingEvents, unreadOf, type PendingDeps } from './pending-events.ts'

export interface DeliverDeps extends PendingDeps, NotificationDeps {
  readonly db: Db
  readonly log: Pick<Log, 'head'>
  readonly reads: PendingDeps['reads'] & Pick<LogReads, 'membershipsOf'>
  readonly unread: Pick<UnreadCounts, 'of'>
  readonly outbound: Outbound
  readonly rng: Pick<Rng, 'int'>
  readonly logger: Logger
}

/** One worker's turn at one pusher. */
interface Turn {
  readonly deps: DeliverDeps
  readonly user: UserRef
  readonly pusher: Pusher
  /** Name under which the pusher is leased. */
  readonly worker: string
  readonly signal: AbortSignal
}

const FIRST_PAUSE_MS = 1_000
const LONGEST_PAUSE_MS = 3_600_000

/** Milliseconds to wait after so many failures: doubled each time, up to an hour, with some scatter. */
function pauseAfter(failures: number, rng: Pick<Rng, 'int'>): number {
  const pause = Math.min(FIRST_PAUSE_MS * 2 ** Math.min(failures - 1, 30), LONGEST_PAUSE_MS)
  return pause + rng.int(Math.ceil(pause / 4))
}

/**
 * Tells a leased pusher's gateway everything new, event after event, and gives the lease back. What the
 * gateway did not take stays to be told, and all after it: order is kept.
 * @returns milliseconds after which to try again, after a failure
 */
export async function deliver(turn: Turn): Promise<number | undefined> {
  const { deps, user, pusher, worker, signal } = turn
  const upTo = deps.log.head
  // a position beyond the end belongs to a history that is lost
  const after = Math.min(pusher.toldTo, upTo)
  let progress: Progress = {
    toldTo: after,
    toldUnread: pusher.toldUnread,
    failures: pusher.failures,
    nextTryTs: 0,
  }
  const found = await pendingEvents(deps, user, { after, upTo })
  // what waited for the gateway may have been read meanwhile
  const pending = pusher.failures > 0 ? await unreadOf(deps, user, found) : found
  for (const item of pending) {
    const unread = await unreadTotal(turn)
    const notification = await eventNotification(deps, pusher, user, item, unread)
    const delivery = await send(turn, notification)
    if (signal.aborted) break
    if (delivery === 'rejected') return await dropRejected(turn)
    if (delivery === 'failed') return await fail(turn, progress)
    progress = { toldTo: item.pos, toldUnread: unread, failures: 0, nextTryTs: 0 }
    if (!(await note(deps.db, pusher.id, worker, progress, true))) return undefined
  }
  if (!signal.aborted) progress = { ...progress, toldTo: upTo, failures: 0 }
  const unread = await unreadTotal(turn)
  if (!signal.aborted && unread < progress.toldUnread) {
    const delivery = await send(turn, badgeNotification(pusher, unread))
    if (delivery === 'rejected') return await dropRejected(turn)
    if (delivery === 'failed' && !signal.aborted) return await fail(turn, progress)
    progress = { ...progress, toldUnread: unread }
  }
  await note(deps.db, pusher.id, worker, progress, false)
  return undefined
}

async function send(turn: Turn, notification: JsonObject): Promise<Delivery> {
  const { deps, pusher, signal } = turn
  return await notifyGateway(deps.outbound, pusher, notification, {
    signal,
    onError(error) {
      if (signal.aborted) return
      const host = new URL(pusher.url).host
      deps.logger.info({ err: error, host, failures: pusher.failures + 1 }, 'a push failed')
    },
  })
}

async function dropRejected({ deps, pusher }: Turn): Promise<undefined> {
  await deleteRejected(deps.db, pusher)
}

async function fail({ deps, pusher, worker }: Turn, progress: Progress): Promise<number> {
  const failures = progress.failures + 1
  const pause = pauseAfter(failures, deps.rng)
  const nextTryTs = deps.clock.now() + pause
  await note(deps.db, pusher.id, worker, { ...progress, failures, nextTryTs }, false)
  return pause
}

/** Unread notifications in all rooms of the user. */
async function unreadTotal({ deps, user }: Turn): Promise<number> {
  const memberships = await deps.reads.membershipsOf(user.key)
  const joined = [...memberships.values()].filter((row) => row.membership === 'join')
  const counts = await deps.unread.of(
    user,
    joined.map(({ room }) => room),
  )
  return counts.values().reduce((sum, { total }) => sum + total.notifications, 0)
}
