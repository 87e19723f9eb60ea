import type { Dictionary, RoomInfo } from '#log/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import { notFound } from '#matrix/errors.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import type { EventId, RoomId, UserId } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { Sending } from '#services/sending/index.ts'
import type { Actor } from './types.ts'

/** One membership event that somebody wants. */
export interface MembershipChange {
  readonly actor: Actor
  readonly roomId: RoomId
  readonly target: UserId
  readonly content: JsonObject
  /** True when the target's current member event makes the change unnecessary, or impossible. */
  readonly keep: (current: RoomEvent) => boolean
}

/** Sends a membership event unless there is no need for it. */
export function changeMembership(
  sending: Sending,
  { actor, roomId, target, content, keep }: MembershipChange,
): Promise<EventId> {
  return sending.send({
    sender: { key: actor.user, userId: actor.userId, local: true },
    device: actor.device,
    roomId,
    type: 'm.room.member',
    stateKey: target,
    content,
    keep,
  })
}

/** For {@link MembershipChange.keep}: nothing to do while the target is one of these. */
export const unless =
  (...memberships: readonly string[]) =>
  (current: RoomEvent): boolean =>
    memberships.includes(membershipOf(current) ?? '')

/** @throws {MatrixError} 404 */
export async function knownRoom(
  dictionary: Pick<Dictionary, 'room'>,
  roomId: RoomId,
): Promise<RoomInfo> {
  const room = await dictionary.room(roomId)
  if (room === undefined) throw notFound('This server does not know the room.')
  return room
}

/** The user's membership at present; undefined for who has never had one. */
export async function currentMembership(
  roomStates: Pick<RoomStates, 'currentOf'>,
  room: RoomInfo,
  userId: UserId,
): Promise<string | undefined> {
  const event = await roomStates.currentOf(room.key, 'm.room.member', userId)
  return membershipOf(event?.roomEvent())
}

/** A reason, as member events carry it. */
export const withReason = (reason: string | undefined): JsonObject =>
  reason === undefined ? {} : { reason }
