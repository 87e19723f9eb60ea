import type { LogReads } from '#log/reads.ts'
import type { Dictionary, RoomInfo, UserKey } from '#log/types.ts'
import { forbidden } from '#matrix/errors.ts'
import type { RoomId } from '#matrix/ids.ts'

/** The check before everything that only members of a room may do. */
export interface JoinedRoom {
  /**
   * The room, when the user has joined it. Answered from memory.
   * @throws {MatrixError} 403 `M_FORBIDDEN` otherwise; a room that does not exist gives the same answer
   */
  require(user: UserKey, roomId: RoomId): Promise<RoomInfo>
}

/** Makes the check on top of the log's memberships. */
export function createJoinedRoom(deps: {
  readonly dictionary: Pick<Dictionary, 'room'>
  readonly reads: Pick<LogReads, 'membershipsOf'>
}): JoinedRoom {
  return {
    async require(user, roomId) {
      const room = await deps.dictionary.room(roomId)
      const memberships = await deps.reads.membershipsOf(user)
      if (room === undefined || memberships.get(room.key)?.membership !== 'join') {
        throw forbidden('You are not a member of this room.')
      }
      return room
    },
  }
}
