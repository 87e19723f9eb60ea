import type { Config } from '#config/schema/config.ts'
import { invalidParam, MatrixError, unsupportedRoomVersion } from '#matrix/errors.ts'
import { isRoomAlias, type RoomAlias, type RoomId, type ServerName } from '#matrix/ids.ts'
import { roomVersion, type RoomVersion } from '#matrix/room-versions/room-version.ts'
import type { Rng } from '#platform/rng.ts'
import type { RateLimiter } from '#policies/rate-limiter.ts'
import type { Directory } from '#services/directory/index.ts'
import type { Actor, Membership } from '#services/membership/index.ts'
import type { Sending } from '#services/sending/index.ts'
import type { CreateRoomOptions } from './options.ts'
import { roomEvents } from './room-events.ts'
import { newRoomId } from './room-id.ts'

/** Makes rooms. */
export interface RoomCreation {
  /**
   * Creates a room with all that the options imply, or nothing at all.
   * @throws {MatrixError} 400 `M_UNSUPPORTED_ROOM_VERSION`, `M_ROOM_IN_USE`, `M_INVALID_ROOM_STATE`
   *   or `M_INVALID_PARAM`; 403 when an invited user cannot be invited, or for third-party invites
   */
  createRoom(actor: Actor, options: CreateRoomOptions): Promise<RoomId>
}

export interface RoomCreationDeps {
  readonly sending: Sending
  readonly membership: Membership
  readonly directory: Directory
  readonly limiter: RateLimiter
  readonly rng: Rng
  readonly serverName: ServerName
  readonly config: Pick<Config, 'rooms'>
}

export function createRoomCreation(deps: RoomCreationDeps): RoomCreation {
  return {
    async createRoom(actor, options) {
      const version = versionOf(options.room_version ?? deps.config.rooms.default_room_version)
      const alias = aliasOf(options.room_alias_name, deps.serverName)
      refuseThirdPartyInvites(options)
      const invites = await invitations(options, deps)
      const join = await deps.membership.joinContent(actor.userId)
      const events = roomEvents({
        options,
        version,
        creator: actor.userId,
        alias,
        join,
        invites,
      })
      return await store(actor, { version, alias, events, options }, deps)
    },
  }
}

interface Prepared {
  readonly version: RoomVersion
  readonly alias: RoomAlias | undefined
  readonly events: ReturnType<typeof roomEvents>
  readonly options: CreateRoomOptions
}

async function store(
  actor: Actor,
  { version, alias, events, options }: Prepared,
  { sending, directory, rng, serverName }: RoomCreationDeps,
): Promise<RoomId> {
  const { roomId } = await sending.createRoom({
    sender: { key: actor.user, userId: actor.userId, local: true },
    version,
    roomId: newRoomId(version, rng, serverName),
    events,
    async beforeStored(id) {
      if (alias !== undefined) await directory.claim(alias, id, actor.user)
    },
  })
  if (options.visibility === 'public') await directory.setPublished(roomId, true)
  return roomId
}

function versionOf(id: string): RoomVersion {
  const version = roomVersion(id)
  if (version === undefined) throw unsupportedRoomVersion(id)
  return version
}

function aliasOf(name: string | undefined, serverName: ServerName): RoomAlias | undefined {
  if (name === undefined) return undefined
  const alias = `#${name}:${serverName}`
  if (name.includes(':') || /\s/.test(name) || !isRoomAlias(alias)) {
    throw invalidParam('room_alias_name is not the local part of a room alias.')
  }
  return alias
}

function refuseThirdPartyInvites({ invite_3pid = [] }: CreateRoomOptions): void {
  if (invite_3pid.length === 0) return
  throw new MatrixError(403, 'M_SERVER_NOT_TRUSTED', 'This server trusts no identity server.')
}

async function invitations(
  options: CreateRoomOptions,
  { sending, membership, limiter }: RoomCreationDeps,
) {
  const targets = [...new Set(options.invite)]
  await Promise.all(targets.map((target) => sending.checkInvitePermission(target)))
  await Promise.all(targets.map((target) => limiter.consume('invite-target', target)))
  return await Promise.all(
    targets.map(async (target) => ({
      target,
      content: await membership.inviteContent(target, { isDirect: options.is_direct }),
    })),
  )
}
