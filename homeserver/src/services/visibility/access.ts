import type { LogReads } from '#log/reads.ts'
import type { TimelineReads } from '#log/reads-timeline.ts'
import type { Dictionary, Point, RoomInfo, UserKey } from '#log/types.ts'
import { forbidden } from '#matrix/errors.ts'
import type { RoomId } from '#matrix/ids.ts'
import { own } from '#matrix/json.ts'
import type { RoomStates, StateEvent } from '#room-state/types.ts'
import { participation } from './membership-history.ts'

/** How a user may read a room. */
export type RoomAccess = { readonly room: RoomInfo } & (
  | { readonly kind: 'joined' }
  /** Was joined; sees the room as it was then. `point`: the state after the leave, which the log tells at `pos`. */
  | { readonly kind: 'left'; readonly point: Point; readonly pos: number }
  /** Not a member; the room's history is readable for everybody. */
  | { readonly kind: 'peeking' }
)

/** The check before reads of a room, and the reads that depend on it. */
export interface Access {
  /**
   * @throws {MatrixError} 403 `M_FORBIDDEN` for a room that does not exist, that the user has never
   *   been joined to, or has forgotten
   */
  read(user: UserKey, roomId: RoomId): Promise<RoomAccess>
  /** One state event as the reader may see it: current, or as of the leave. */
  stateOf(access: RoomAccess, type: string, stateKey: string): Promise<StateEvent | undefined>
  /** The whole state, likewise. */
  fullState(access: RoomAccess): Promise<StateEvent[]>
}

export interface AccessDeps {
  readonly dictionary: Pick<Dictionary, 'room' | 'userByKey'>
  readonly roomStates: RoomStates
  readonly reads: Pick<LogReads, 'membershipsOf'>
  readonly timelineReads: Pick<TimelineReads, 'placesOfLate'>
}

const DENIED = 'You are not a member of this room and have not been one.'

export function createAccess(deps: AccessDeps): Access {
  const { dictionary, roomStates, reads, timelineReads } = deps

  async function isWorldReadable(room: RoomInfo): Promise<boolean> {
    const event = await roomStates.currentOf(room.key, 'm.room.history_visibility', '')
    const content = event?.roomEvent().content
    return content !== undefined && own(content, 'history_visibility') === 'world_readable'
  }

  return {
    async read(key, roomId) {
      const room = await dictionary.room(roomId)
      if (room === undefined) throw forbidden(DENIED)
      const { userId } = await dictionary.userByKey(key)
      const part = await participation(room.key, { key, userId }, roomStates)
      if (part.kind === 'joined') return { kind: 'joined', room }
      if (await isWorldReadable(room)) return { kind: 'peeking', room }
      const memberships = await reads.membershipsOf(key)
      const forgotten = memberships.get(room.key)?.forgotten === true
      if (part.kind === 'never' || forgotten || part.end.point === undefined) {
        throw forbidden(DENIED)
      }
      const { point, pos } = part.end
      const places = await timelineReads.placesOfLate([pos])
      return { kind: 'left', room, point, pos: places.get(pos) ?? pos }
    },

    async stateOf(access, type, stateKey) {
      return access.kind === 'left'
        ? await roomStates.at(access.point, type, stateKey)
        : await roomStates.currentOf(access.room.key, type, stateKey)
    },

    async fullState(access) {
      return access.kind === 'left'
        ? await roomStates.fullAt(access.point)
        : await roomStates.current(access.room.key)
    },
  }
}
