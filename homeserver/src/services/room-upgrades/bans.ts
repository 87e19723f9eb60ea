import type { LogReads } from '#log/reads.ts'
import type { Dictionary, RoomInfo } from '#log/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import { isUserId, type UserId } from '#matrix/ids.ts'
import { own } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { NewRoomEvent } from '#services/sending/index.ts'

/** Somebody who is banned from the old room, and the event that bans them from the new one. */
export interface Ban {
  readonly target: UserId
  readonly event: NewRoomEvent
}

export interface BansDeps {
  readonly dictionary: Pick<Dictionary, 'usersByKey'>
  readonly reads: Pick<LogReads, 'members'>
  readonly roomStates: Pick<RoomStates, 'currentOfMany'>
}

/** The bans of a room with their reasons; of the members nobody else is read. */
export async function readBans(
  room: RoomInfo,
  { dictionary, reads, roomStates }: BansDeps,
): Promise<Ban[]> {
  const rows = await reads.members(room.key, ['ban'])
  if (rows.length === 0) return []
  const users = await dictionary.usersByKey(rows.map(({ user }) => user))
  const keys = Array.from(users.values(), ({ userId }) => ({
    type: 'm.room.member',
    stateKey: userId,
  }))
  const members = (await roomStates.currentOfMany([room.key], keys)).get(room.key) ?? []
  return members.flatMap((member): Ban[] => {
    const { stateKey } = member
    const event = member.roomEvent()
    if (membershipOf(event) !== 'ban' || !isUserId(stateKey)) return []
    const reason = own(event.content, 'reason')
    const content = { membership: 'ban', ...(typeof reason === 'string' && { reason }) }
    return [{ target: stateKey, event: { type: 'm.room.member', stateKey, content } }]
  })
}
