import type { RoomKey, StoredEvent } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import type { StateEvent } from '#room-state/types.ts'
import type { SectionDeps } from './changed-room.ts'
import { strippedJson } from './event-json.ts'
import { MEMBER, type Target } from './target.ts'
import type { Answering } from './types.ts'

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
type Viewer = Pick<Answering, 'user' | 'userId' | 'ignored'>

/** Rooms to which somebody whom the user does not ignore invites them. */
export async function invitedRooms(
  deps: Deps,
  viewer: Viewer,
  targets: readonly Target[],
): Promise<string[]> {
  return await outsideRooms(deps, viewer, targets, 'invite_state', viewer.ignored)
}

/** Rooms at which the user knocks. */
export async function knockedRooms(
  deps: Deps,
  viewer: Viewer,
  targets: readonly Target[],
): Promise<string[]> {
  return await outsideRooms(deps, viewer, targets, 'knock_state', new Set())
}

/**
 * Rooms that the user sees from outside: the stripped state and the user's own
 * member event. One statement for the states of all of them.
 * https://spec.matrix.org/v1.19/client-server-api/#stripped-state
 */
async function outsideRooms(
  deps: Deps,
  { userId }: Viewer,
  targets: readonly Target[],
  field: 'invite_state' | 'knock_state',
  ignored: ReadonlySet<string>,
): Promise<string[]> {
  if (targets.length === 0) return []
  const [infos, states] = await Promise.all([
    deps.dictionary.roomsByKey(targets.map(({ room }) => room)),
    deps.roomStates.currentOfMany(
      targets.map(({ room }) => room),
      [...STRIPPED, { type: MEMBER, stateKey: userId }],
    ),
  ])
  const members = await memberEvents(deps, userId, targets, states)
  return targets.flatMap(({ room, roomId }) => {
    const member = members.get(room)
    const version = infos.get(room)?.version
    if (version === undefined || (member !== undefined && ignored.has(member.senderId))) return []
    const state = (states.get(room) ?? []).filter(({ type }) => type !== MEMBER)
    const events = [...state, ...(member === undefined ? [] : [member])]
    const list = events.map((event) => strippedJson(event, version)).join(',')
    return `${JSON.stringify(roomId)}:{"${field}":{"events":[${list}]}}`
  })
}

/**
 * The event behind each membership. It is in the room's state, whereas the membership's place in the log
 * is another event's where branches joined, and no event's own where it came late. Read from the state of
 * that time only where the membership has changed since.
 */
async function memberEvents(
  deps: Deps,
  userId: UserId,
  targets: readonly Target[],
  states: ReadonlyMap<RoomKey, readonly StateEvent[]>,
): Promise<Map<RoomKey, StoredEvent>> {
  const members = new Map<RoomKey, StoredEvent>()
  for (const { room, row } of targets) {
    let member = states.get(room)?.find(({ type }) => type === MEMBER)
    if (member === undefined || membershipOf(member.roomEvent()) !== row.membership) {
      const point = await deps.roomStates.pointAtPos(room, row.pos)
      member = point && (await deps.roomStates.at(point, MEMBER, userId))
    }
    if (member !== undefined) members.set(room, member)
  }
  return members
}
