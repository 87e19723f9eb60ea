import type { LogReads } from '#log/reads.ts'
import type { Dictionary, RoomKey, UserKey } from '#log/types.ts'
import type { NotifyClass } from '#matrix/push-rules/notify-class.ts'
import { isUserId, serverOf, type ServerName, type UserId } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'

/** From so many mentions on it is cheaper to read the room's members than to look each one up. */
const MANY_MENTIONS = 20

/** Local, joined users an event may be a highlight for, the sender left out. */
export interface Audience {
  readonly byId: ReadonlyMap<UserId, UserKey>
}

const NOBODY: Audience = { byId: new Map() }

export interface AudienceDeps {
  readonly dictionary: Dictionary
  readonly reads: LogReads
  readonly serverName: ServerName
}

/**
 * Reads who could be highlighted: those whom `m.mentions` names or, for an `@room` mention and a
 * tombstone, every local member. Nothing is read for an ordinary event.
 */
export async function audienceOf(
  event: { room: RoomKey; sender: UserId; type: string; content: JsonObject },
  deps: AudienceDeps,
): Promise<Audience> {
  const mentions = own(event.content, 'm.mentions')
  const everyone = event.type === 'm.room.tombstone'
  if (!everyone && !isJsonObject(mentions)) return NOBODY
  const named = isJsonObject(mentions) ? localUsers(own(mentions, 'user_ids'), deps.serverName) : []
  const room = isJsonObject(mentions) && own(mentions, 'room') === true
  if (everyone || room || named.length > MANY_MENTIONS) return await members(event, deps)
  return named.length === 0 ? NOBODY : await joinedAmong(event, named, deps)
}

/** The local users for whom the event is a highlight, given how it is classified. */
export function highlightsIn(audience: Audience, notify: NotifyClass): UserKey[] {
  if (notify.mentionsRoom || notify.tombstone) return [...audience.byId.values()]
  return notify.mentions.flatMap((userId) => audience.byId.get(userId) ?? [])
}

function localUsers(ids: unknown, serverName: ServerName): UserId[] {
  if (!Array.isArray(ids)) return []
  const users = ids.filter((id) => typeof id === 'string').filter(isUserId)
  return [...new Set(users)].filter((userId) => serverOf(userId) === serverName)
}

async function members(
  { room, sender }: { room: RoomKey; sender: UserId },
  { reads, dictionary }: AudienceDeps,
): Promise<Audience> {
  const rows = await reads.members(room, ['join'])
  const users = await dictionary.usersByKey(rows.map((row) => row.user))
  const local = [...users.values()].filter((user) => user.local && user.userId !== sender)
  return { byId: new Map(local.map((user) => [user.userId, user.key])) }
}

async function joinedAmong(
  { room, sender }: { room: RoomKey; sender: UserId },
  userIds: readonly UserId[],
  { reads, dictionary }: AudienceDeps,
): Promise<Audience> {
  const byId = new Map<UserId, UserKey>()
  for (const userId of userIds) {
    const user = userId === sender ? undefined : await dictionary.findUser(userId)
    if (user === undefined) continue
    const rooms = await reads.membershipsOf(user.key)
    if (rooms.get(room)?.membership === 'join') byId.set(userId, user.key)
  }
  return { byId }
}
