import type { LogReads } from '#log/reads.ts'
import type { Dictionary } from '#log/types.ts'
import { invalidParam, unsupportedRoomVersion } from '#matrix/errors.ts'
import { isRoomId, isUserId, type RoomId, type ServerName, type UserId } from '#matrix/ids.ts'
import type { JsonValue } from '#matrix/json.ts'
import { roomVersion, type RoomVersion } from '#matrix/room-versions/room-version.ts'
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
import { closeOldRoom } from './close-old-room.ts'
import { carried, successorEvents } from './new-room.ts'
import { readOldRoom, type OldRoom } from './old-room.ts'
import { sendState } from './send-state.ts'
import { successorLevels } from './successor-levels.ts'

export interface RoomUpgradeDeps {
  readonly dictionary: Dictionary
  readonly reads: Pick<LogReads, 'members' | 'membershipsOf'>
  readonly roomStates: RoomStates
  readonly sending: Sending
  readonly membership: Pick<Membership, 'joinContent'>
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
   * stays without anybody knowing of it; upgrading may then be tried again.
   * https://spec.matrix.org/v1.19/client-server-api/#room-upgrades
   * @returns the new room
   * @throws {MatrixError} 400 `M_UNSUPPORTED_ROOM_VERSION` or `M_INVALID_PARAM`; 403 when the actor may
   *   not replace the room, or is not in it; 429
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
  return {
    async upgrade(actor, roomId, options) {
      const version = roomVersion(options.newVersion)
      if (version === undefined) throw unsupportedRoomVersion(options.newVersion)
      const creators = creatorsOf(options, version, actor.userId)
      const old = await readOldRoom(roomId, actor.userId, deps)
      await deps.limiter.consume('room-creation', actor.userId)
      return await replace(old, { actor, version, creators }, deps)
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

async function replace(
  old: OldRoom,
  { actor, version, creators }: Upgrade,
  deps: RoomUpgradeDeps,
): Promise<RoomId> {
  const { sending, directory, membership, rng, serverName } = deps
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
  const moved = await directory.handOver(old.info.roomId, roomId)
  const aliases = splitAliases(old.canonicalAlias?.content, moved)
  const rest = [
    ...stateOf('m.room.canonical_alias', aliases.next),
    ...stateOf('m.room.power_levels', levels.final),
  ]
  for (const event of rest) await sendState(actor, roomId, [event], sending)
  await closeOldRoom(actor, old, { roomId, aliases: aliases.old }, sending)
  await deps.settings.carryOver({ key: actor.user, userId }, roomId)
  return roomId
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
