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
  /** More content for the member event; what the server writes there itself counts. */
  readonly content?: JsonObject | undefined
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
   * @throws {MatrixError} 403 when the room does not let the user in, 404 for an unknown room,
   *   400 `M_UNABLE_TO_GRANT_JOIN` when nobody here can answer for the join of a restricted room
   */
  join(actor: Actor, roomId: RoomId, options?: JoinOptions): Promise<RoomId>
  /**
   * Asks to be let into the room; nothing happens when the user has asked already.
   * @throws {MatrixError} 403 when the room cannot be knocked at, or not by this user, 404 for an
   *   unknown room
   */
  knock(actor: Actor, roomId: RoomId, reason?: string): Promise<RoomId>
  /**
   * Leaves the room, rejects an invitation or retracts a knock; nothing happens when the user has
   * left already.
   * @throws {MatrixError} 403 when the user was not in the room, 404 for an unknown room
   */
  leave(actor: Actor, roomId: RoomId, reason?: string): Promise<void>
  /**
   * Forgets a room that the user has left or is banned from: its history is closed to them, and `/sync`
   * does not show it, until they join, knock or are invited again.
   * @throws {MatrixError} 400 `M_UNKNOWN` when the user has not left, 404 when they have never been there
   */
  forget(actor: Actor, roomId: RoomId): Promise<void>
  /**
   * Removes a user, withdraws an invitation or denies a knock.
   * @throws {MatrixError} 403 when the actor may not, or the target is none of these
   */
  kick(actor: Actor, roomId: RoomId, target: UserId, reason?: string): Promise<void>
  /**
   * Bans a user, in the room or not. Of who is banned only the reason changes.
   * @throws {MatrixError} 403 when the actor may not
   */
  ban(actor: Actor, roomId: RoomId, target: UserId, reason?: string): Promise<void>
  /** @throws {MatrixError} 403 when the actor may not, `M_BAD_STATE` when the target is not banned */
  unban(actor: Actor, roomId: RoomId, target: UserId, reason?: string): Promise<void>
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
   * Lets a user join by a state event, as `send` sends it: counted like any join, and followed by what
   * follows one. A member who changes the own profile in the room does not join.
   * @throws {MatrixError} 429 `M_LIMIT_EXCEEDED`; what `send` throws
   */
  joining<Result>(actor: Actor, roomId: RoomId, send: () => Promise<Result>): Promise<Result>
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
