import type { SectionDeps } from './changed-room.ts'
import { strippedJson } from './event-json.ts'
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

/**
 * Rooms to which the user is invited, or at which they knock: the stripped state and the user's own
 * member event. Two statements for all of them.
 * https://spec.matrix.org/v1.19/client-server-api/#stripped-state
 */
export async function outsideRooms(
  deps: Pick<SectionDeps, 'reads' | 'roomStates'>,
  targets: readonly Target[],
  field: 'invite_state' | 'knock_state',
): Promise<string[]> {
  if (targets.length === 0) return []
  const [states, members] = await Promise.all([
    deps.roomStates.currentOfMany(
      targets.map(({ room }) => room),
      STRIPPED,
    ),
    deps.reads.eventsByPos(targets.map(({ row }) => row.pos)),
  ])
  return targets.map(({ room, roomId, row }) => {
    const member = members.get(row.pos)
    const events = [...(states.get(room) ?? []), ...(member === undefined ? [] : [member])]
    const list = events.map(strippedJson).join(',')
    return `${JSON.stringify(roomId)}:{"${field}":{"events":[${list}]}}`
  })
}
