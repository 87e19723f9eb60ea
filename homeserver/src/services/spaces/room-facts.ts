import type { RoomInfo, RoomKey } from '#log/types.ts'
import { allowedRooms } from '#matrix/auth-rules/allowed-rooms.ts'
import { own } from '#matrix/json.ts'
import type { RoomFacts, RoomSummary, SpacesDeps } from './types.ts'

/** State that a summary is made of. */
const TOLD = [
  'm.room.create',
  'm.room.name',
  'm.room.topic',
  'm.room.avatar',
  'm.room.canonical_alias',
  'm.room.join_rules',
  'm.room.history_visibility',
  'm.room.guest_access',
  'm.room.encryption',
].map((type) => ({ type, stateKey: '' }))

/** Reads of many rooms what {@link summaryOf} tells, in one statement. */
export async function readFacts(
  rooms: readonly RoomInfo[],
  { roomStates }: Pick<SpacesDeps, 'roomStates'>,
): Promise<Map<RoomKey, RoomFacts>> {
  if (rooms.length === 0) return new Map()
  const states = await roomStates.currentOfMany(
    rooms.map(({ key }) => key),
    TOLD,
  )
  return new Map(
    rooms.map((info) => {
      const events = states.get(info.key) ?? []
      const contents = events.map((event) => [event.type, event.roomEvent().content] as const)
      return [info.key, { info, contents: new Map(contents) }]
    }),
  )
}

/** A text in one of the room's state events; empty ones count as absent. */
function textIn({ contents }: RoomFacts, type: string, key: string): string | undefined {
  const content = contents.get(type)
  const value = content && own(content, key)
  return typeof value === 'string' && value !== '' ? value : undefined
}

export const isSpace = (facts: RoomFacts): boolean =>
  textIn(facts, 'm.room.create', 'type') === 'm.space'

export const joinRuleOf = (facts: RoomFacts): string =>
  textIn(facts, 'm.room.join_rules', 'join_rule') ?? 'invite'

export const isWorldReadable = (facts: RoomFacts): boolean =>
  textIn(facts, 'm.room.history_visibility', 'history_visibility') === 'world_readable'

/** The public description of a room. */
export function summaryOf(facts: RoomFacts, joinedMembers: number): RoomSummary {
  const { info, contents } = facts
  const name = textIn(facts, 'm.room.name', 'name')
  const topic = textIn(facts, 'm.room.topic', 'topic')
  const avatar = textIn(facts, 'm.room.avatar', 'url')
  const alias = textIn(facts, 'm.room.canonical_alias', 'alias')
  const roomType = textIn(facts, 'm.room.create', 'type')
  const encryption = textIn(facts, 'm.room.encryption', 'algorithm')
  const allowed = allowedRooms(contents.get('m.room.join_rules'), info.version)
  return {
    room_id: info.roomId,
    ...(name !== undefined && { name }),
    ...(topic !== undefined && { topic }),
    ...(avatar !== undefined && { avatar_url: avatar }),
    ...(alias !== undefined && { canonical_alias: alias }),
    num_joined_members: joinedMembers,
    guest_can_join: textIn(facts, 'm.room.guest_access', 'guest_access') === 'can_join',
    world_readable: isWorldReadable(facts),
    join_rule: joinRuleOf(facts),
    ...(roomType !== undefined && { room_type: roomType }),
    room_version: info.version.id,
    ...(encryption !== undefined && { encryption }),
    ...(allowed !== undefined && { allowed_room_ids: allowed }),
  }
}
