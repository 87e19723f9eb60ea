import type { LogReads } from '#log/reads.ts'
import type { Dictionary } from '#log/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import { MatrixError } from '#matrix/errors.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import type { RoomId } from '#matrix/ids.ts'
import type { Logger } from '#platform/logger.ts'
import type { Account } from '#services/accounts/index.ts'
import type { Sending } from '#services/sending/index.ts'

export interface LeaveRoomsDeps {
  readonly dictionary: Pick<Dictionary, 'roomsByKey'>
  readonly reads: Pick<LogReads, 'membershipsOf'>
  readonly sending: Pick<Sending, 'send'>
  readonly logger: Logger
}

type Leaver = Pick<Account, 'key' | 'userId'>

/** Rooms that are left at the same time. */
const ROOMS_AT_ONCE = 16

/** Leaves what the user is joined to, rejects invitations and retracts knocks. */
export async function leaveRooms(user: Leaver, deps: LeaveRoomsDeps): Promise<void> {
  const memberships = await deps.reads.membershipsOf(user.key)
  const within = [...memberships.values()].filter(({ membership }) => isWithin(membership))
  const rooms = await deps.dictionary.roomsByKey(within.map(({ room }) => room))
  const roomIds = [...rooms.values()].map(({ roomId }) => roomId)
  for (let at = 0; at < roomIds.length; at += ROOMS_AT_ONCE) {
    const some = roomIds.slice(at, at + ROOMS_AT_ONCE)
    await Promise.all(some.map((roomId) => leave(user, roomId, deps)))
  }
}

async function leave(user: Leaver, roomId: RoomId, deps: LeaveRoomsDeps): Promise<void> {
  try {
    await deps.sending.send({
      sender: { key: user.key, userId: user.userId, local: true },
      device: undefined,
      roomId,
      type: 'm.room.member',
      stateKey: user.userId,
      content: { membership: 'leave' },
      keep: (current: RoomEvent) => !isWithin(membershipOf(current)),
    })
  } catch (error) {
    // banned meanwhile, or a room that takes no more events: no later attempt would change that
    if (!(error instanceof MatrixError) || error.status >= 500) throw error
    const { errcode } = error
    deps.logger.warn({ roomId, errcode }, 'a deactivated account could not leave a room')
  }
}

const isWithin = (membership: unknown): boolean =>
  membership === 'join' || membership === 'invite' || membership === 'knock'
