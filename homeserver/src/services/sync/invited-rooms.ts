import type { UserKey } from '#log/types.ts'
import type { SectionDeps } from './changed-room.ts'
import { strippedJson } from './event-json.ts'
import { ignoredUsers } from './ignored-users.ts'
import type { Target } from './target.ts'

/** What tells somebody outside what a room is. */
const STRIPPED = [
  'm.room.create',
  'm.room.name',
  'm.room.avatar',
  'm.room.topic',
  'm.room.join_rules',
  'm.room.canonical_alias',
  'm.room.encryption',
].map((type) => ({ type, stateKey: '' }))

type Deps = Pick<SectionDeps, 'reads' | 'roomStates' | 'dictionary'>

/** Rooms to which somebody whom the user does not ignore invites them. */
export async function invitedRooms(
  deps: Deps,
  user: UserKey,
  targets: readonly Target[],
): Promise<string[]> {
  if (targets.length === 0) return []
  return await outsideRooms(deps, targets, 'invite_state', await ignoredUsers(deps, user))
}

/** Rooms at which the user knocks. */
export async function knockedRooms(deps: Deps, targets: readonly Target[]): Promise<string[]> {
  return await outsideRooms(deps, targets, 'knock_state', new Set())
}

/**
 * Rooms that the user sees from outside: the stripped state and the user's own
 * member event. Two statements for all of them.
 * https://spec.matrix.org/v1.19/client-server-api/#stripped-state
 */
async function outsideRooms(
  deps: Deps,
  targets: readonly Target[],
  field: 'invite_state' | 'knock_state',
  ignored: ReadonlySet<string>,
): Promise<string[]> {
  if (targets.length === 0) return []
  const [infos, states, members] = await Promise.all([
    deps.dictionary.roomsByKey(targets.map(({ room }) => room)),
    deps.roomStates.currentOfMany(
      targets.map(({ room }) => room),
      STRIPPED,
    ),
    deps.reads.eventsByPos(targets.map(({ row }) => row.pos)),
  ])
  return targets.flatMap(({ room, roomId, row }) => {
    const member = members.get(row.pos)
    const version = infos.get(room)?.version
    if (version === undefined || (member !== undefined && ignored.has(member.senderId))) return []
    const events = [...(states.get(room) ?? []), ...(member === undefined ? [] : [member])]
    const list = events.map((event) => strippedJson(event, version)).join(',')
    return `${JSON.stringify(roomId)}:{"${field}":{"events":[${list}]}}`
  })
}
