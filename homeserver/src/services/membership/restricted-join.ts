import type { LogReads } from '#log/reads.ts'
import type { Dictionary, RoomInfo, UserKey } from '#log/types.ts'
import { creatorOf, privilegedCreators } from '#matrix/auth-rules/creators.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import { PowerLevels } from '#matrix/auth-rules/power-levels.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import { isRoomId, isUserId, type UserId } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'

export interface RestrictedJoinDeps {
  readonly roomStates: RoomStates
  readonly reads: LogReads
  readonly dictionary: Dictionary
}

const RESTRICTED: ReadonlySet<unknown> = new Set(['restricted', 'knock_restricted'])

/**
 * The local user in whose name a join of a restricted room is let in: undefined when the room is
 * not restricted, the user needs no permission (invited, already in), meets none of the
 * conditions, or nobody here may invite.
 * https://spec.matrix.org/v1.19/client-server-api/#restricted-rooms
 */
export async function authorisingUser(
  room: RoomInfo,
  user: { readonly key: UserKey; readonly userId: UserId },
  deps: RestrictedJoinDeps,
): Promise<UserId | undefined> {
  if (!room.version.restrictedJoins) return undefined
  const rules = await deps.roomStates.currentOf(room.key, 'm.room.join_rules', '')
  const content = rules?.roomEvent().content
  if (content === undefined || !RESTRICTED.has(own(content, 'join_rule'))) return undefined
  const member = await deps.roomStates.currentOf(room.key, 'm.room.member', user.userId)
  const membership = membershipOf(member?.roomEvent())
  if (membership === 'join' || membership === 'invite') return undefined
  if (!(await meetsCondition(content, user.key, deps))) return undefined
  return await localInviter(room, deps)
}

/** True when the user is joined to one of the rooms that the join rule allows. */
async function meetsCondition(
  joinRules: JsonObject,
  user: UserKey,
  { reads, dictionary }: RestrictedJoinDeps,
): Promise<boolean> {
  const allow = own(joinRules, 'allow')
  const memberships = await reads.membershipsOf(user)
  for (const condition of Array.isArray(allow) ? allow : []) {
    if (!isJsonObject(condition) || own(condition, 'type') !== 'm.room_membership') continue
    const roomId = own(condition, 'room_id')
    if (typeof roomId !== 'string' || !isRoomId(roomId)) continue
    const room = await dictionary.room(roomId)
    if (room !== undefined && memberships.get(room.key)?.membership === 'join') return true
  }
  return false
}

/** A joined user of this server with the power to invite. */
async function localInviter(
  room: RoomInfo,
  { roomStates, reads, dictionary }: RestrictedJoinDeps,
): Promise<UserId | undefined> {
  const create = await roomStates.currentOf(room.key, 'm.room.create', '')
  const powerLevels = await roomStates.currentOf(room.key, 'm.room.power_levels', '')
  const levels = new PowerLevels(powerLevels?.roomEvent(), create?.roomEvent(), room.version)
  const needed = levels.levelFor('invite')
  const named = namedUsers(create?.roomEvent(), powerLevels?.roomEvent(), room)
  for (const userId of named) {
    if (levels.levelOf(userId) < needed) continue
    const user = await dictionary.findUser(userId)
    if (user?.local !== true) continue
    const memberships = await reads.membershipsOf(user.key)
    if (memberships.get(room.key)?.membership === 'join') return userId
  }
  const rows = await reads.members(room.key, ['join'])
  const users = await dictionary.usersByKey(rows.map((row) => row.user))
  return [...users.values()].find((user) => user.local && levels.levelOf(user.userId) >= needed)
    ?.userId
}

/** Users who have a level of their own. */
function namedUsers(
  create: RoomEvent | undefined,
  powerLevels: RoomEvent | undefined,
  { version }: RoomInfo,
): UserId[] {
  const users = powerLevels && own(powerLevels.content, 'users')
  const creator = create && creatorOf(create, version)
  const names = [
    ...privilegedCreators(create, version),
    ...(creator === undefined ? [] : [creator]),
    ...(isJsonObject(users) ? Object.keys(users) : []),
  ]
  return [...new Set(names)].filter(isUserId)
}
