import type { Dictionary, EventRef, RoomInfo } from '#log/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import { PowerLevels } from '#matrix/auth-rules/power-levels.ts'
import { forbidden } from '#matrix/errors.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import type { RoomId, UserId } from '#matrix/ids.ts'
import type { RoomStates, StateEvent } from '#room-state/types.ts'

/** State that the new room gets as it is, in this order. */
const CARRIED = [
  'm.room.join_rules',
  'm.room.history_visibility',
  'm.room.guest_access',
  'm.room.encryption',
  'm.room.server_acl',
  'm.room.name',
  'm.room.topic',
  'm.room.avatar',
]

const SINGLE = [
  ...CARRIED,
  'm.room.create',
  'm.room.power_levels',
  'm.room.canonical_alias',
  'm.room.tombstone',
]
const LINKS = ['m.space.child', 'm.space.parent']

/** The room that is to be replaced. */
export interface OldRoom {
  readonly info: RoomInfo
  readonly create: RoomEvent
  readonly powerLevels: RoomEvent | undefined
  readonly canonicalAlias: RoomEvent | undefined
  /** There when the room was replaced before. */
  readonly tombstone: RoomEvent | undefined
  readonly levels: PowerLevels
  /** What the new room gets as it is. */
  readonly carried: readonly RoomEvent[]
  /** `m.space.child` and `m.space.parent`. */
  readonly links: readonly RoomEvent[]
  /** The last event that is known. */
  readonly last: EventRef | undefined
}

export interface OldRoomDeps {
  readonly dictionary: Pick<Dictionary, 'room'>
  readonly roomStates: Pick<RoomStates, 'currentOf' | 'currentOfMany' | 'context'>
}

/**
 * Reads what an upgrade carries over.
 * @throws {MatrixError} 403 unless the user is in the room and may send `m.room.tombstone`
 */
export async function readOldRoom(
  roomId: RoomId,
  userId: UserId,
  { dictionary, roomStates }: OldRoomDeps,
): Promise<OldRoom> {
  const info = await dictionary.room(roomId)
  const member = info && (await roomStates.currentOf(info.key, 'm.room.member', userId))
  if (info === undefined || membershipOf(member?.roomEvent()) !== 'join') {
    throw forbidden('You are not in this room.')
  }
  const wanted = [
    ...SINGLE.map((type) => ({ type, stateKey: '' })),
    ...LINKS.map((type) => ({ type })),
  ]
  const state = (await roomStates.currentOfMany([info.key], wanted)).get(info.key) ?? []
  const single = new Map(
    state.filter(({ stateKey }) => stateKey === '').map((event) => [event.type, event.roomEvent()]),
  )
  const create = single.get('m.room.create')
  const powerLevels = single.get('m.room.power_levels')
  const levels = new PowerLevels(powerLevels, create, info.version)
  if (
    create === undefined ||
    levels.levelOf(userId) < levels.levelToSend('m.room.tombstone', true)
  ) {
    throw forbidden('The power to replace this room is missing.')
  }
  const { extremities } = await roomStates.context(info.key)
  return {
    info,
    create,
    powerLevels,
    canonicalAlias: single.get('m.room.canonical_alias'),
    tombstone: single.get('m.room.tombstone'),
    levels,
    carried: CARRIED.flatMap((type) => single.get(type) ?? []).filter(saysSomething),
    links: state
      .filter(isLink)
      .map((event) => event.roomEvent())
      .filter(saysSomething),
    last: extremities.toSorted((a, b) => b.depth - a.depth)[0],
  }
}

const isLink = ({ type }: StateEvent): boolean => LINKS.includes(type)

/** Empty content is that of redacted or withdrawn state, which a new room need not have. */
const saysSomething = ({ content }: RoomEvent): boolean => Object.keys(content).length > 0
