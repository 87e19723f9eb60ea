import type { RoomKey, UserKey } from '#log/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import type { UserId } from '#matrix/ids.ts'
import type { RoomStates, StateEvent } from '#room-state/types.ts'

export type UserRef = { readonly key: UserKey; readonly userId: UserId }

/** Where a user stands in a room: joined until now, joined once, or never. */
export type Participation =
  | { readonly kind: 'joined'; readonly member: StateEvent }
  /** `end` is the event that ended the last time the user was joined. */
  | { readonly kind: 'left'; readonly end: StateEvent }
  | { readonly kind: 'never' }

const NEVER: Participation = { kind: 'never' }

/**
 * Follows the user's member events from the current one back to the last one that was a join, so
 * that an invitation after a leave does not hide what the user saw before.
 */
export async function participation(
  room: RoomKey,
  user: UserRef,
  roomStates: Pick<RoomStates, 'currentOf' | 'at' | 'pointBefore'>,
): Promise<Participation> {
  let member = await roomStates.currentOf(room, 'm.room.member', user.userId)
  if (member === undefined) return NEVER
  if (membershipOf(member.roomEvent()) === 'join') return { kind: 'joined', member }
  for (;;) {
    const point = roomStates.pointBefore(member)
    const before = point && (await roomStates.at(point, 'm.room.member', user.userId))
    if (before === undefined) return NEVER
    if (membershipOf(before.roomEvent()) === 'join') return { kind: 'left', end: member }
    member = before
  }
}
