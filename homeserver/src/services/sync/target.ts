import type { MembershipRow, RoomKey, StoredEvent } from '#log/types.ts'
import type { RoomId, UserId } from '#matrix/ids.ts'
import type { RoomNews } from './plan.ts'
import type { Answering } from './types.ts'

/** A room that may appear in the answer. */
export interface Target {
  readonly room: RoomKey
  readonly roomId: RoomId
  readonly row: MembershipRow
  readonly news: RoomNews
}

/** State events that the filter lets pass, in order of position. */
export function filterState(
  answering: Answering,
  target: Pick<Target, 'roomId'>,
  events: Iterable<StoredEvent>,
): StoredEvent[] {
  const { state } = answering.filter
  if (!state.room(target.roomId)) return []
  const passing = state.all ? [...events] : Array.from(events).filter((event) => state.event(event))
  return passing.sort((a, b) => a.pos - b.pos)
}

/** Notes which members a device gets to know by an answer. */
export function rememberMembers(
  answering: Answering,
  target: Pick<Target, 'room'>,
  events: Iterable<StoredEvent>,
): void {
  const { lazy } = answering
  if (lazy === undefined) return
  for (const event of events) {
    // the state key of a member event is a user ID; what is not, nobody will ask for
    if (event.type === MEMBER && event.stateKey !== undefined) {
      lazy.add(target.room, event.stateKey as UserId)
    }
  }
}

export const MEMBER = 'm.room.member'
