import type { LogReads } from '#log/reads.ts'
import type { Dictionary, RoomKey } from '#log/types.ts'
import { invalidParam, MatrixError, unsupportedRoomVersion } from '#matrix/errors.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import { isRoomId, isUserId, type RoomId, type ServerName, type UserId } from '#matrix/ids.ts'
import { own, type JsonValue } from '#matrix/json.ts'
import { roomVersion, type RoomVersion } from '#matrix/room-versions/room-version.ts'
import { KeyedTurns } from '#platform/keyed-turns.ts'
import type { Rng } from '#platform/rng.ts'
import type { RateLimiter } from '#policies/rate-limiter.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { Directory } from '#services/directory/index.ts'
import type { Actor, Membership } from '#services/membership/index.ts'
import { newRoomId } from '#services/room-creation/index.ts'
import type { Sending } from '#services/sending/index.ts'
import { splitAliases } from './aliases.ts'
import { readBans } from './bans.ts'
import type { CarriedSettings } from './carried-settings.ts'
import { nameSuccessor, quietOldRoom } from './close-old-room.ts'
import { carried, successorEvents } from './new-room.ts'
import { readOldRoom, type OldRoom } from './old-room.ts'
import { sendState } from './send-state.ts'
import { successorLevels } from './successor-levels.ts'

export interface RoomUpgradeDeps {
  readonly dictionary: Dictionary
  readonly reads: Pick<LogReads, 'members' | 'membershipsOf'>
  readonly roomStates: RoomStates
  readonly sending: Sending
  readonly membership: Pick<Membership, 'joinContent' | 'leave' | 'forget'>
  readonly directory: Pick<Directory, 'handOver'>
  readonly limiter: RateLimiter
  readonly settings: CarriedSettings
  readonly rng: Rng
  readonly serverName: ServerName
}

interface UpgradeOptions {
  readonly newVersion: string
  /** Ignored where the new version has no such creators. */
  readonly additionalCreators?: readonly string[] | undefined
}

/** Replaces rooms by rooms of another version. */
export interface RoomUpgrades {
  /**
   * Makes a room that takes the old one's place, and closes that. If it fails on the way, the new room
   * stays without anybody knowing of it; upgrading may then be tried again. Who asks for the same
   * twice at once gets the same room.
   * https://spec.matrix.org/v1.19/client-server-api/#room-upgrades
   * @returns the new room
   * @throws {MatrixError} 400 `M_UNSUPPORTED_ROOM_VERSION` or `M_INVALID_PARAM`, or `M_BAD_STATE` when
   *   the room was replaced otherwise meanwhile; 403 when the actor may not replace the room, or is
   *   not in it; 429
   */
  upgrade(actor: Actor, roomId: RoomId, options: UpgradeOptions): Promise<RoomId>
  /**
   * Somebody has closed a room in favour of one that they had made themselves: they joined it before
   * the old room named it, so their settings are carried over only now.
   * @param successor what the old room's `m.room.tombstone` names
   */
  replacedByHand(actor: Actor, successor: JsonValue | undefined): Promise<void>
}

export function createRoomUpgrades(deps: RoomUpgradeDeps): RoomUpgrades {
  const turns = new KeyedTurns<RoomKey>()
  return {
    async upgrade(actor, roomId, options) {
      const version = roomVersion(options.newVersion)
      if (version === undefined) throw unsupportedRoomVersion(options.newVersion)
      const creators = creatorsOf(options, version, actor.userId)
      const upgrade = { actor, version, creators }
      const asked = await readOldRoom(roomId, actor.userId, deps)
      return await turns.run(asked.info.key, async () => {
        const old = await readOldRoom(roomId, actor.userId, deps)
        const { tombstone } = old
        if (tombstone !== undefined && tombstone.eventId !== asked.tombstone?.eventId) {
          return await replacedBy(tombstone, upgrade, deps)
        }
        await deps.limiter.consume('room-creation', actor.userId)
        return await replace(old, upgrade, deps)
      })
    },

    async replacedByHand({ user, userId }, successor) {
      if (typeof successor !== 'string' || !isRoomId(successor)) return
      const next = await deps.dictionary.room(successor)
      const row = next && (await deps.reads.membershipsOf(user)).get(next.key)
      if (row?.membership === 'join')
        await deps.settings.carryOver({ key: user, userId }, successor)
    },
  }
}

interface Upgrade {
  readonly actor: Actor
  readonly version: RoomVersion
  readonly creators: readonly UserId[]
}

async function replace(old: OldRoom, upgrade: Upgrade, deps: RoomUpgradeDeps): Promise<RoomId> {
  const { sending, directory, membership, roomStates, rng, serverName } = deps
  const { actor, version, creators } = upgrade
  const { userId } = actor
  const bans = (await readBans(old.info, deps)).filter(({ target }) => !creators.includes(target))
  const banned = bans.map(({ target }) => target)
  const levels = successorLevels(old, { userId, version, additionalCreators: creators, banned })
  const { roomId } = await sending.createRoom({
    sender: { key: actor.user, userId, local: true },
    version,
    roomId: newRoomId(version, rng, serverName),
    events: successorEvents(old, {
      creator: userId,
      version,
      additionalCreators: creators,
      join: await membership.joinContent(userId),
      powerLevels: levels.first,
    }),
  })
  // nobody knows of the room yet, so nobody comes in before they are banned
  await sendState(
    actor,
    roomId,
    bans.map(({ event }) => event),
    sending,
  )
  await sendState(
    actor,
    roomId,
    old.links.flatMap((link) => carried(link, version)),
    sending,
  )
  // before the aliases: who is too late, by another worker, must not take them along
  await nameSuccessor(actor, old, roomId, sending)
  const current = await roomStates.currentOf(old.info.key, 'm.room.tombstone', '')
  const tombstone = current?.roomEvent()
  if (tombstone === undefined || successorIn(tombstone) !== roomId) {
    await membership.leave(actor, roomId)
    await membership.forget(actor, roomId)
    return await replacedBy(tombstone, upgrade, deps)
  }
  const moved = await directory.handOver(old.info.roomId, roomId)
  const aliases = splitAliases(old.canonicalAlias?.content, moved)
  const rest = [
    ...stateOf('m.room.canonical_alias', aliases.next),
    ...stateOf('m.room.power_levels', levels.final),
  ]
  for (const event of rest) await sendState(actor, roomId, [event], sending)
  await quietOldRoom(actor, old, aliases.old, sending)
  await deps.settings.carryOver({ key: actor.user, userId }, roomId)
  return roomId
}

/**
 * The room that took the old one's place while the actor was about to replace it.
 * @throws {MatrixError} 400 `M_BAD_STATE` unless it is what the actor has asked for, too
 */
async function replacedBy(
  tombstone: RoomEvent | undefined,
  { actor, version }: Upgrade,
  { dictionary }: Pick<RoomUpgradeDeps, 'dictionary'>,
): Promise<RoomId> {
  const roomId = tombstone && successorIn(tombstone)
  const room = roomId === undefined ? undefined : await dictionary.room(roomId)
  if (tombstone?.sender === actor.userId && room?.version.id === version.id) return room.roomId
  throw new MatrixError(400, 'M_BAD_STATE', 'The room has just been replaced by another one.')
}

function successorIn({ content }: RoomEvent): RoomId | undefined {
  const roomId = own(content, 'replacement_room')
  return typeof roomId === 'string' && isRoomId(roomId) ? roomId : undefined
}

const stateOf = (type: string, content: Parameters<typeof splitAliases>[0]) =>
  content === undefined ? [] : [{ type, stateKey: '', content }]

/** @throws {MatrixError} 400 when one of them is no user ID */
function creatorsOf(
  { additionalCreators = [] }: UpgradeOptions,
  version: RoomVersion,
  upgrader: UserId,
): UserId[] {
  if (!version.privilegedCreators) return []
  const named = [...new Set(additionalCreators)]
  const users = named.filter(isUserId)
  if (users.length < named.length) throw invalidParam('additional_creators: Not a user ID')
  return users.filter((user) => user !== upgrader)
}
