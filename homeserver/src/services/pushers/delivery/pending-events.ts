import type { UnreadReads } from '#log/reads-unread.ts'
import { readUpTo } from '#log/reads-unread.ts'
import type { LogReads } from '#log/reads.ts'
import type { MembershipRow, RoomKey, StoredEvent } from '#log/types.ts'
import type { PushResult } from '#matrix/push-rules/evaluate.ts'
import type { Clock } from '#platform/clock.ts'
import type { RoomStates } from '#room-state/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import type { PushEvaluator, UserRef } from '#services/push-rules/index.ts'
import type { Visibility } from '#services/visibility/index.ts'

export interface PendingDeps {
  readonly reads: Pick<
    LogReads,
    'membershipsOf' | 'loadRoomHeads' | 'roomHead' | 'roomTail' | 'eventsByPos'
  >
  readonly unreadReads: Pick<UnreadReads, 'unreadStates'>
  readonly roomStates: Pick<RoomStates, 'at' | 'pointBefore' | 'currentOf'>
  readonly visibility: Visibility
  readonly evaluator: PushEvaluator
  readonly clock: Pick<Clock, 'now'>
}

/** An event that a pusher has to tell of. */
export interface Pending {
  /** Its place in the log. */
  readonly pos: number
  readonly event: StoredEvent
  readonly result: PushResult
}

/** Of each room after a long time: a device that was away is not flooded. */
const MAX_EVENTS = 100
/** Nobody wants to be woken for what is older. */
const MAX_AGE_MS = 24 * 3_600_000

interface Candidate {
  readonly pos: number
  readonly event: StoredEvent
}

/** What a user is to be notified of in `(after, upTo]`, in the order of the log. */
export async function pendingEvents(
  deps: PendingDeps,
  user: UserRef,
  range: { readonly after: number; readonly upTo: number },
): Promise<Pending[]> {
  const memberships = [...(await deps.reads.membershipsOf(user.key)).values()]
  const candidates = await candidatesIn(deps, user, memberships, range)
  const oldest = deps.clock.now() - MAX_AGE_MS
  const young = candidates.filter(({ event }) => event.ts >= oldest && event.sender !== user.key)
  const results = await deps.evaluator.judge(
    user,
    young.map(({ event }) => event),
  )
  const notifying = young.flatMap((candidate, index) => {
    const result = results[index]
    return result?.notify === true ? [{ ...candidate, result }] : []
  })
  const meant = await concerned(deps, user, notifying)
  return meant.toSorted((a, b) => a.pos - b.pos)
}

/** Leaves out what the user has read since. */
export async function unreadOf(
  { unreadReads }: Pick<PendingDeps, 'unreadReads'>,
  user: UserRef,
  pending: readonly Pending[],
): Promise<Pending[]> {
  const rooms = [...new Set(pending.map(({ event }) => event.room))]
  if (rooms.length === 0) return []
  const states = await unreadReads.unreadStates(rooms.map((room) => ({ user: user.key, room })))
  const byRoom = new Map(states.map((state) => [state.room, state]))
  return pending.filter(({ event }) => {
    const state = byRoom.get(event.room)
    return state === undefined || event.pos > readUpTo(state, event.thread)
  })
}

async function candidatesIn(
  { reads }: PendingDeps,
  user: UserRef,
  memberships: readonly MembershipRow[],
  { after, upTo }: { readonly after: number; readonly upTo: number },
): Promise<Candidate[]> {
  const joined = memberships.filter((row) => row.membership === 'join').map(({ room }) => room)
  const isUnknown = (room: RoomKey) => reads.roomHead(room) === undefined
  await reads.loadRoomHeads(joined.filter(isUnknown))
  const found: Candidate[] = []
  for (const room of joined) {
    if ((reads.roomHead(room) ?? 0) <= after) continue
    const { events } = await reads.roomTail(room, { after, upTo, limit: MAX_EVENTS })
    found.push(...events)
  }
  const invites = memberships.filter(
    ({ membership, pos }) => membership === 'invite' && pos > after && pos <= upTo,
  )
  if (invites.length === 0) return found
  const events = await reads.eventsByPos(invites.map(({ pos }) => pos))
  for (const event of events.values()) {
    const isOwn = event.type === 'm.room.member' && event.stateKey === user.userId
    if (isOwn) found.push({ pos: event.pos, event })
  }
  return found
}

/** Those that came while the user was in the room, or invited, and that the user may see. */
async function concerned<Item extends Candidate>(
  { visibility, roomStates }: PendingDeps,
  user: UserRef,
  items: readonly Item[],
): Promise<Item[]> {
  if (items.length === 0) return []
  const visible = await visibility.canSee(
    user.key,
    items.map(({ event }) => event),
  )
  const kept: Item[] = []
  for (const [index, item] of items.entries()) {
    const { event } = item
    if (visible[index] !== true) continue
    const isAboutUser = event.type === 'm.room.member' && event.stateKey === user.userId
    const point = isAboutUser ? undefined : roomStates.pointBefore(event)
    const member = point && (await roomStates.at(point, 'm.room.member', user.userId))
    if (isAboutUser || (member && membershipOf(member.roomEvent()) === 'join')) kept.push(item)
  }
  return kept
}
