import { isDeepStrictEqual } from 'node:util'
import type { Forgetting } from '#log/forgetting.ts'
import type { LogReads } from '#log/reads.ts'
import type { Dictionary, Log, RoomInfo, UserKey } from '#log/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import { MatrixError, notFound } from '#matrix/errors.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import { isRoomId, type RoomAlias, type RoomId, type ServerName, type UserId } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'
import type { Logger } from '#platform/logger.ts'
import type { RateLimiter } from '#policies/rate-limiter.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { Directory } from '#services/directory/index.ts'
import type { Sending } from '#services/sending/index.ts'
import { changeMembership, currentMembership, knownRoom, unless, withReason } from './change.ts'
import { forget } from './forget.ts'
import { ban, kick, unban } from './removals.ts'
import { authorisingUser } from './restricted-join.ts'
import { acceptThirdPartyInvite } from './third-party-invite.ts'
import type { Actor, JoinOptions, Membership } from './types.ts'

/** Rooms that a profile change is sent to at the same time. */
const PROFILE_ROOMS_AT_ONCE = 16

export interface MembershipDeps {
  readonly sending: Sending
  readonly directory: Pick<Directory, 'resolve'>
  readonly profiles: {
    get(userId: UserId): Promise<{ readonly displayname?: string; readonly avatar_url?: string }>
  }
  readonly log: Pick<Log, 'append' | 'catchUp'>
  readonly dictionary: Dictionary
  readonly reads: LogReads
  readonly forgetting: Forgetting
  readonly roomStates: RoomStates
  readonly serverName: ServerName
  readonly limiter: RateLimiter
  readonly logger: Logger
  /** Called when a user has come into a room. */
  readonly onJoin: (user: { key: UserKey; userId: UserId }, roomId: RoomId) => Promise<void>
}

class RoomMembership implements Membership {
  readonly #deps: MembershipDeps

  constructor(deps: MembershipDeps) {
    this.#deps = deps
  }

  async resolve(roomIdOrAlias: RoomId | RoomAlias): Promise<RoomId> {
    if (isRoomId(roomIdOrAlias)) return roomIdOrAlias
    const roomId = await this.#deps.directory.resolve(roomIdOrAlias)
    if (roomId === undefined) throw notFound('There is no such room alias.')
    return roomId
  }

  async join(actor: Actor, roomId: RoomId, options: JoinOptions = {}): Promise<RoomId> {
    const { dictionary, roomStates, sending, limiter } = this.#deps
    const room = await knownRoom(dictionary, roomId)
    if ((await currentMembership(roomStates, room, actor.userId)) === 'join') return roomId
    await limiter.consume('join-room', roomId)
    if (options.thirdPartySigned !== undefined) {
      await acceptThirdPartyInvite(room, actor.userId, options.thirdPartySigned, this.#deps)
    }
    const user = { key: actor.user, userId: actor.userId }
    const authoriser = await authorisingUser(room, user, this.#deps)
    const joinContent = await this.joinContent(actor.userId, {
      ...withReason(options.reason),
      ...(authoriser !== undefined && { join_authorised_via_users_server: authoriser }),
    })
    const content = { ...options.content, ...joinContent }
    const change = { actor, roomId, target: actor.userId, content }
    await changeMembership(sending, { ...change, keep: unless('join') })
    await this.#deps.onJoin(user, roomId)
    return roomId
  }

  async knock(actor: Actor, roomId: RoomId, reason?: string): Promise<RoomId> {
    await knownRoom(this.#deps.dictionary, roomId)
    const content = {
      ...(await this.joinContent(actor.userId)),
      membership: 'knock',
      ...withReason(reason),
    }
    const change = { actor, roomId, target: actor.userId, content }
    await changeMembership(this.#deps.sending, { ...change, keep: unless('knock') })
    return roomId
  }

  async leave(actor: Actor, roomId: RoomId, reason?: string): Promise<void> {
    await knownRoom(this.#deps.dictionary, roomId)
    const content = { membership: 'leave', ...withReason(reason) }
    const change = { actor, roomId, target: actor.userId, content }
    await changeMembership(this.#deps.sending, { ...change, keep: unless('leave') })
  }

  async forget(actor: Actor, roomId: RoomId): Promise<void> {
    await forget(actor.user, roomId, this.#deps)
  }

  async kick(actor: Actor, roomId: RoomId, target: UserId, reason?: string): Promise<void> {
    await kick({ actor, roomId, target, reason }, this.#deps)
  }

  async ban(actor: Actor, roomId: RoomId, target: UserId, reason?: string): Promise<void> {
    await ban({ actor, roomId, target, reason }, this.#deps)
  }

  async unban(actor: Actor, roomId: RoomId, target: UserId, reason?: string): Promise<void> {
    await unban({ actor, roomId, target, reason }, this.#deps)
  }

  async invite(actor: Actor, roomId: RoomId, target: UserId, reason?: string): Promise<void> {
    await this.countInvite(actor, roomId, target)
    const content = await this.inviteContent(target, { reason })
    const change = { actor, roomId, target, content, keep: unless('invite') }
    await changeMembership(this.#deps.sending, change)
  }

  async countInvite(actor: Actor, roomId: RoomId, target: UserId): Promise<void> {
    const { dictionary, limiter, roomStates } = this.#deps
    const room = await dictionary.room(roomId)
    // who may not invite at all must not use up what others may
    if (room === undefined) return
    if ((await currentMembership(roomStates, room, actor.userId)) !== 'join') return
    await limiter.consume('invite-room', roomId)
    await limiter.consume('invite-target', target)
  }

  async joining<Result>(
    { user, userId }: Actor,
    roomId: RoomId,
    send: () => Promise<Result>,
  ): Promise<Result> {
    const { dictionary, limiter, roomStates } = this.#deps
    const room = await dictionary.room(roomId)
    if (room === undefined) return await send()
    if ((await currentMembership(roomStates, room, userId)) === 'join') return await send()
    await limiter.consume('join', userId)
    const sent = await send()
    await this.#deps.onJoin({ key: user, userId }, roomId)
    return sent
  }

  async inviteContent(
    target: UserId,
    { reason, isDirect }: { reason?: string | undefined; isDirect?: boolean | undefined },
  ): Promise<JsonObject> {
    return {
      membership: 'invite',
      ...(await this.#deps.profiles.get(target)),
      ...withReason(reason),
      ...(isDirect === true && { is_direct: true }),
    }
  }

  async joinContent(userId: UserId, extra: JsonObject = {}): Promise<JsonObject> {
    return { membership: 'join', ...(await this.#deps.profiles.get(userId)), ...extra }
  }

  async joinedRooms(user: UserKey): Promise<RoomId[]> {
    const rooms = await this.#joined(user)
    return rooms.map((room) => room.roomId)
  }

  async profileChanged(userId: UserId): Promise<void> {
    const { dictionary, sending, logger } = this.#deps
    const user = await dictionary.findUser(userId)
    if (user === undefined) return
    const content = await this.joinContent(userId)
    // Nobody comes back to a room they have just left because their name changes.
    const keep = (current: RoomEvent): boolean =>
      membershipOf(current) !== 'join' || isDeepStrictEqual(current.content, content)
    const rooms = await this.#joined(user.key)
    for (let at = 0; at < rooms.length; at += PROFILE_ROOMS_AT_ONCE) {
      const some = rooms.slice(at, at + PROFILE_ROOMS_AT_ONCE)
      await Promise.all(
        some.map(async ({ roomId }) => {
          const event = { type: 'm.room.member', stateKey: userId, content, keep }
          try {
            await sending.send({ sender: user, device: undefined, roomId, ...event })
          } catch (error) {
            // Left or banned meanwhile, or a full room: the profile itself has changed all the same.
            if (!(error instanceof MatrixError)) throw error
            logger.warn(
              { roomId, errcode: error.errcode },
              'a profile change was not shown in a room',
            )
          }
        }),
      )
    }
  }

  async #joined(user: UserKey): Promise<RoomInfo[]> {
    const memberships = await this.#deps.reads.membershipsOf(user)
    const rows = [...memberships.values()].filter((row) => row.membership === 'join')
    const rooms = await this.#deps.dictionary.roomsByKey(rows.map((row) => row.room))
    return [...rooms.values()]
  }
}

export function createMembership(deps: MembershipDeps): Membership {
  return new RoomMembership(deps)
}
