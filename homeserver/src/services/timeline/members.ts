import type { SyncTokens } from '#log/index.ts'
import type { LogReads } from '#log/reads.ts'
import type { TimelineReads } from '#log/reads-timeline.ts'
import { forbidden } from '#matrix/errors.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import type { Point, RoomKey } from '#log/types.ts'
import type { RoomStates, StateEvent } from '#room-state/types.ts'
import type { RoomAccess, Visibility } from '#services/visibility/index.ts'
import { tokenPlace } from './page-range.ts'
import type { Viewer } from './types.ts'

/** A request for a room's member events. */
export interface MembersRequest {
  readonly access: RoomAccess
  readonly viewer: Viewer
  /** A token of `/sync` or `/messages`: the members as of that place. */
  readonly at?: string | undefined
  readonly membership?: string | undefined
  readonly notMembership?: string | undefined
}

export interface MembersDeps {
  readonly reads: LogReads
  readonly timelineReads: Pick<TimelineReads, 'after'>
  readonly roomStates: RoomStates
  readonly visibility: Visibility
  readonly tokens: Pick<SyncTokens, 'resolve'>
}

const MEMBER = 'm.room.member'
const END = Number.MAX_SAFE_INTEGER

/**
 * Member events of a room: current ones, or those of an earlier moment.
 * https://spec.matrix.org/v1.19/client-server-api/#get_matrixclientv3roomsroomidmembers
 * @throws {MatrixError} 400 for a bad token, 403 for a moment whose events the viewer may not see
 */
export async function members(request: MembersRequest, deps: MembersDeps): Promise<StateEvent[]> {
  const { membership, notMembership } = request
  const all = await memberEvents(request, deps)
  if (membership === undefined && notMembership === undefined) return all
  return all.filter((event) => {
    const is = membershipOf(event.roomEvent())
    return is === membership || (notMembership !== undefined && is !== notMembership)
  })
}

async function memberEvents(
  { access, viewer, at }: MembersRequest,
  deps: MembersDeps,
): Promise<StateEvent[]> {
  const room = access.room.key
  const asked = await lastPosition(at, deps.tokens)
  if (asked === undefined || (access.kind === 'left' && asked >= access.pos)) {
    return access.kind === 'left'
      ? await membersAt(access.point, deps)
      : await currentMembers(room, deps)
  }
  return await membersAsOf(room, asked, viewer, deps)
}

async function membersAsOf(
  room: RoomKey,
  upTo: number,
  viewer: Viewer,
  deps: MembersDeps,
): Promise<StateEvent[]> {
  const { events } = await deps.reads.roomTail(room, { after: 0, upTo, limit: 2 })
  const first = events.length < 2 ? await firstMoment(room, deps) : upTo
  if (first > upTo) return await membersAsOf(room, first, viewer, deps)
  const last = events.at(-1)?.event
  if (last === undefined) return []
  if (!(await deps.visibility.canSee(viewer.user, last))) {
    throw forbidden('You may not see the room at that moment.')
  }
  const point = await deps.roomStates.pointAtPos(room, upTo)
  return point === undefined ? [] : await membersAt(point, deps)
}

/**
 * When the creator has joined, by the second event of a room. A timeline that goes back to the first
 * begins where nobody is a member yet; such a place is taken for this one.
 */
async function firstMoment(room: RoomKey, { timelineReads }: MembersDeps): Promise<number> {
  const [, join = -Infinity] = await timelineReads.after([room], { after: 0, upTo: END }, 2)
  return join
}

/** The last position that the state is to include. */
async function lastPosition(
  token: string | undefined,
  tokens: MembersDeps['tokens'],
): Promise<number | undefined> {
  const place = await tokenPlace(token, tokens)
  // a place lies right before the event at its position
  return typeof place === 'object' ? place.pos - 1 : place
}

async function membersAt(point: Point, { roomStates }: MembersDeps): Promise<StateEvent[]> {
  const state = await roomStates.fullAt(point)
  return state.filter((event) => event.type === MEMBER)
}

async function currentMembers(room: RoomKey, { roomStates }: MembersDeps): Promise<StateEvent[]> {
  const states = await roomStates.currentOfMany([room], [{ type: MEMBER }])
  return states.get(room) ?? []
}
