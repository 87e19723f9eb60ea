import type { DeviceKey, UserKey } from '#log/types.ts'
import type { RoomAlias, RoomId, UserId } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'

/** A local user who does something, from one of their devices. */
export interface Actor {
  readonly userId: UserId
  readonly user: UserKey
  readonly device: DeviceKey
}

export interface JoinOptions {
  readonly reason?: string | undefined
  /** `third_party_signed` as the client sent it. */
  readonly thirdPartySigned?: JsonObject | undefined
}

/** Who is in which room, and how that changes. */
export interface Membership {
  /**
   * The room that an ID or a local alias names.
   * @throws {MatrixError} 404 `M_NOT_FOUND`
   */
  resolve(roomIdOrAlias: RoomId | RoomAlias): Promise<RoomId>
  /**
   * Joins the room; nothing happens when the user is in it already.
   * @throws {MatrixError} 403 when the room does not let the user in, 404 for an unknown room
   */
  join(actor: Actor, roomId: RoomId, options?: JoinOptions): Promise<RoomId>
  /**
   * Leaves the room, rejects an invitation or retracts a knock; nothing happens when the user has
   * left already.
   * @throws {MatrixError} 403 when the user was not in the room, 404 for an unknown room
   */
  leave(actor: Actor, roomId: RoomId, reason?: string): Promise<void>
  /**
   * Invites a user; nothing happens when they are invited already.
   * @throws {MatrixError} 403 when the actor may not, the target is banned or in the room, or
   *   accepts no invitations
   */
  invite(actor: Actor, roomId: RoomId, target: UserId, reason?: string): Promise<void>
  /**
   * Counts an invitation against the room's and the target's limits, when the actor is in the room;
   * {@link invite} does by itself.
   * @throws {MatrixError} 429 `M_LIMIT_EXCEEDED`
   */
  countInvite(actor: Actor, roomId: RoomId, target: UserId): Promise<void>
  /**
   * Counts a join that was sent as a state event against the limit of joins; a member who changes the
   * own profile in the room does not join.
   * @throws {MatrixError} 429 `M_LIMIT_EXCEEDED`
   */
  countJoin(actor: Actor, roomId: RoomId): Promise<void>
  /** The content of an invitation, as events and new rooms carry it. */
  inviteContent(
    target: UserId,
    options: { reason?: string | undefined; isDirect?: boolean | undefined },
  ): Promise<JsonObject>
  /** Content of a user's own join, with their profile. */
  joinContent(userId: UserId, extra?: JsonObject): Promise<JsonObject>
  /** Rooms the user is joined to. */
  joinedRooms(user: UserKey): Promise<RoomId[]>
  /** Shows a user's new name and avatar in every room they are joined to. */
  profileChanged(userId: UserId): Promise<void>
}

/** Sends one membership event. */
export interface MembershipChange {
  readonly actor: Actor
  readonly roomId: RoomId
  readonly target: UserId
  readonly content: JsonObject
  /** Memberships of the target that make the change unnecessary. */
  readonly unless: readonly string[]
}
