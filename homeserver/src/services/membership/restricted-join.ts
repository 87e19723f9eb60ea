import type { LogReads } from '#log/reads.ts'
import type { Dictionary, RoomInfo, UserKey } from '#log/types.ts'
import { allowedRooms } from '#matrix/auth-rules/allowed-rooms.ts'
import { creatorOf, privilegedCreators } from '#matrix/auth-rules/creators.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import { PowerLevels } from '#matrix/auth-rules/power-levels.ts'
import { MatrixError } from '#matrix/errors.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import { isUserId, serverOf, type RoomId, type ServerName, type UserId } from '#matrix/ids.ts'
import { isJsonObject, own } from '#matrix/json.ts'
import type { RoomStates } from '#room-state/types.ts'

export interface RestrictedJoinDeps {
  readonly roomStates: RoomStates
  readonly reads: LogReads
  readonly dictionary: Dictionary
  readonly serverName: ServerName
}

/** Memberships that the conditions mean nothing to: let in anyway, or not at all. */
const DECIDED: ReadonlySet<string | undefined> = new Set(['join', 'invite', 'ban'])

/**
 * The local user in whose name a join of a restricted room is let in. Undefined when the join needs no
 * such name, or meets none of the conditions: the authorisation rules then give the verdict.
 * https://spec.matrix.org/v1.19/client-server-api/#restricted-rooms
 * @throws {MatrixError} 400 `M_UNABLE_TO_GRANT_JOIN` when a condition is met but nobody here may invite
 */
export async function authorisingUser(
  room: RoomInfo,
  user: { readonly key: UserKey; readonly userId: UserId },
  deps: RestrictedJoinDeps,
): Promise<UserId | undefined> {
  const rules = await deps.roomStates.currentOf(room.key, 'm.room.join_rules', '')
  const allowed = allowedRooms(rules?.roomEvent().content, room.version)
  if (allowed === undefined) return undefined
  const member = await deps.roomStates.currentOf(room.key, 'm.room.member', user.userId)
  if (DECIDED.has(membershipOf(member?.roomEvent()))) return undefined
  if (!(await isInOneOf(allowed, user.key, deps))) return undefined
  const inviter = await localInviter(room, deps)
  if (inviter !== undefined) return inviter
  throw new MatrixError(
    400,
    'M_UNABLE_TO_GRANT_JOIN',
    'No user of this server has the power to let you in.',
  )
}

async function isInOneOf(
  rooms: readonly RoomId[],
  user: UserKey,
  { reads, dictionary }: RestrictedJoinDeps,
): Promise<boolean> {
  if (rooms.length === 0) return false
  const memberships = await reads.membershipsOf(user)
  const joined = [...memberships.values()].filter(({ membership }) => membership === 'join')
  const infos = await dictionary.roomsByKey(joined.map(({ room }) => room))
  const wanted: ReadonlySet<RoomId> = new Set(rooms)
  return infos.values().some(({ roomId }) => wanted.has(roomId))
}

/** A joined user of this server with the power to invite; one of the most powerful, if any is named. */
async function localInviter(room: RoomInfo, deps: RestrictedJoinDeps): Promise<UserId | undefined> {
  const { roomStates, reads, dictionary, serverName } = deps
  const create = (await roomStates.currentOf(room.key, 'm.room.create', ''))?.roomEvent()
  const event = (await roomStates.currentOf(room.key, 'm.room.power_levels', ''))?.roomEvent()
  const levels = new PowerLevels(event, create, room.version)
  const needed = levels.levelFor('invite')
  const named = namedUsers(create, event, room)
    .filter((userId) => serverOf(userId) === serverName && levels.levelOf(userId) >= needed)
    .sort((a, b) => byLevel(levels.levelOf(a), levels.levelOf(b)))
  const present = await joinedAmong(room, named, deps)
  const chosen = named.find((userId) => present.has(userId))
  // whoever is not named has the default level
  if (chosen !== undefined || levels.levelOf('') < needed) return chosen
  const rows = await reads.members(room.key, ['join'])
  const users = await dictionary.usersByKey(rows.map((row) => row.user))
  return users.values().find((user) => user.local && levels.levelOf(user.userId) >= needed)?.userId
}

/** Highest first; infinite levels cannot be subtracted. */
function byLevel(a: number, b: number): number {
  if (a === b) return 0
  return a > b ? -1 : 1
}

async function joinedAmong(
  room: RoomInfo,
  userIds: readonly UserId[],
  { roomStates }: RestrictedJoinDeps,
): Promise<Set<string>> {
  if (userIds.length === 0) return new Set()
  const keys = userIds.map((stateKey) => ({ type: 'm.room.member', stateKey }))
  const states = await roomStates.currentOfMany([room.key], keys)
  const members = states.get(room.key) ?? []
  const joined = members.filter((event) => membershipOf(event.roomEvent()) === 'join')
  return new Set(joined.map(({ stateKey }) => stateKey))
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
