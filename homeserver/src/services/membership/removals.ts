import type { Dictionary } from '#log/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import { forbidden, MatrixError } from '#matrix/errors.ts'
import type { RoomId, UserId } from '#matrix/ids.ts'
import { own } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { Sending } from '#services/sending/index.ts'
import { changeMembership, currentMembership, withReason } from './change.ts'
import type { Actor } from './types.ts'

export interface RemovalDeps {
  readonly sending: Sending
  readonly dictionary: Pick<Dictionary, 'room'>
  readonly roomStates: Pick<RoomStates, 'currentOf'>
}

/** Somebody acts on the membership of somebody else. */
export interface Removal {
  readonly actor: Actor
  readonly roomId: RoomId
  readonly target: UserId
  readonly reason: string | undefined
}

const NOT_IN_ROOM = 'The user is not in the room.'

/** See `Membership.kick`. */
export async function kick(removal: Removal, deps: RemovalDeps): Promise<void> {
  const { actor, roomId, target, reason } = removal
  if ((await targetMembership(removal, deps)) === undefined) throw forbidden(NOT_IN_ROOM)
  let isThere = true
  await changeMembership(deps.sending, {
    actor,
    roomId,
    target,
    content: { membership: 'leave', ...withReason(reason) },
    // asked in the room's queue: kicking must not become unbanning because a ban was faster
    keep(current) {
      const membership = membershipOf(current)
      isThere = membership !== 'leave' && membership !== 'ban'
      return !isThere
    },
  })
  if (!isThere) throw forbidden(NOT_IN_ROOM)
}

/** See `Membership.ban`. */
export async function ban(removal: Removal, { sending }: RemovalDeps): Promise<void> {
  const { actor, roomId, target, reason } = removal
  await changeMembership(sending, {
    actor,
    roomId,
    target,
    content: { membership: 'ban', ...withReason(reason) },
    keep: (current) =>
      membershipOf(current) === 'ban' &&
      (reason === undefined || own(current.content, 'reason') === reason),
  })
}

/** See `Membership.unban`. */
export async function unban(removal: Removal, deps: RemovalDeps): Promise<void> {
  const { actor, roomId, target, reason } = removal
  if ((await targetMembership(removal, deps)) === undefined) throw notBanned()
  let isBanned = true
  await changeMembership(deps.sending, {
    actor,
    roomId,
    target,
    content: { membership: 'leave', ...withReason(reason) },
    // unbanning must not become kicking because somebody else has unbanned already
    keep(current) {
      isBanned = membershipOf(current) === 'ban'
      return !isBanned
    },
  })
  if (!isBanned) throw notBanned()
}

/**
 * The target's membership, for who is in the room.
 * @throws {MatrixError} 403 for others, and for unknown rooms
 */
async function targetMembership(
  { actor, roomId, target }: Removal,
  { dictionary, roomStates }: RemovalDeps,
): Promise<string | undefined> {
  const room = await dictionary.room(roomId)
  if (room === undefined || (await currentMembership(roomStates, room, actor.userId)) !== 'join') {
    throw forbidden('You are not in this room.')
  }
  return await currentMembership(roomStates, room, target)
}

const notBanned = () => new MatrixError(403, 'M_BAD_STATE', 'The user is not banned.')
