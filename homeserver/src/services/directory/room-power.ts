import type { LogReads } from '#log/reads.ts'
import type { RoomInfo, UserKey } from '#log/types.ts'
import { PowerLevels } from '#matrix/auth-rules/power-levels.ts'
import type { UserId } from '#matrix/ids.ts'
import type { RoomStates } from '#room-state/types.ts'

export interface RoomPowerDeps {
  readonly roomStates: Pick<RoomStates, 'currentOf'>
  readonly reads: Pick<LogReads, 'membershipsOf'>
}

/** Joined, and powerful enough to say under which names a room is found. */
export async function mayNameRoom(
  user: { readonly user: UserKey; readonly userId: UserId },
  room: RoomInfo,
  { roomStates, reads }: RoomPowerDeps,
): Promise<boolean> {
  const memberships = await reads.membershipsOf(user.user)
  if (memberships.get(room.key)?.membership !== 'join') return false
  const [create, event] = await Promise.all([
    roomStates.currentOf(room.key, 'm.room.create', ''),
    roomStates.currentOf(room.key, 'm.room.power_levels', ''),
  ])
  const levels = new PowerLevels(event?.roomEvent(), create?.roomEvent(), room.version)
  return levels.levelOf(user.userId) >= levels.levelToSend('m.room.canonical_alias', true)
}
