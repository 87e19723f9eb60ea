import type { Point, RoomKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import { own } from '#matrix/json.ts'
import { MEMBER } from './target.ts'
import type { SyncDeps } from './types.ts'

/** A user's membership at a point; undefined when there was none. */
async function membershipAtPoint(
  deps: Pick<SyncDeps, 'roomStates'>,
  point: Point | undefined,
  userId: UserId,
): Promise<string | undefined> {
  const event = point && (await deps.roomStates.at(point, MEMBER, userId))
  const membership = event && own(event.roomEvent().content, 'membership')
  return typeof membership === 'string' ? membership : undefined
}

/** A user's membership as of a position of the log. */
export async function membershipAt(
  deps: Pick<SyncDeps, 'roomStates'>,
  room: RoomKey,
  pos: number,
  userId: UserId,
): Promise<string | undefined> {
  return await membershipAtPoint(deps, await deps.roomStates.pointAtPos(room, pos), userId)
}
