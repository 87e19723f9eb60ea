import type { DeviceKey, RoomKey, UserInfo } from '#log/types.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import type { EventId, RoomId, UserId } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'

/** The transaction ID of a request that may be repeated. */
export interface TxnInput {
  /** What tells requests with the same ID apart beside device and room: endpoint and event type. */
  readonly key: string
  readonly id: string
}

/** An event that one of our users wants in a room. */
export interface SendInput {
  readonly sender: UserInfo
  readonly device: DeviceKey | undefined
  readonly roomId: RoomId
  readonly type: string
  /** Present: a state event. */
  readonly stateKey?: string
  /** As the client sent it, already known to be canonical (no floats); never copied or changed. */
  readonly content: JsonObject
  readonly txn?: TxnInput
  /** For `m.room.redaction`. */
  readonly redacts?: EventId
  /** `origin_server_ts` in milliseconds; now unless given. */
  readonly timestamp?: number
  /**
   * For state events: true when the current event under the same key says it already, so that
   * nothing is sent and its ID is the answer. Asked in the room's queue, where no other send of this
   * worker can come between; of the sender's own membership before it is known whether the event
   * is allowed, of everything else after. By default an event of the same sender with the same
   * content is kept.
   */
  readonly keep?: (current: RoomEvent) => boolean
}

/** One event of a new room; the first is `m.room.create`. */
export interface NewRoomEvent {
  readonly type: string
  readonly stateKey: string
  readonly content: JsonObject
}

export interface NewRoom {
  readonly sender: UserInfo
  readonly version: RoomVersion
  /** The room's ID; undefined from room version 12, where the create event's hash is the ID. */
  readonly roomId: RoomId | undefined
  /** In the order in which they are sent, each judged by the state of those before it. */
  readonly events: readonly NewRoomEvent[]
  /** Called once the room's ID is known and every event is allowed, before anything is stored. */
  readonly beforeStored?: (roomId: RoomId) => Promise<void>
}

export interface CreatedRoom {
  readonly roomId: RoomId
  readonly key: RoomKey
}

/** Makes events of our users: in existing rooms through one queue a room, in new ones all at once. */
export interface Sending {
  /**
   * Sends one event; resolves with its ID once it is committed and applied on this worker. A
   * repeated transaction ID gives the ID of the first send.
   * @throws {MatrixError} 403 `M_FORBIDDEN` when the room's rules deny it or the room is not known;
   *   400 and 413 for content that no event can have; 404 when the event to redact is not known;
   *   503 when the room is too contended or the database is away
   */
  send(input: SendInput): Promise<EventId>
  /**
   * Makes a room out of its first events: all are stored, or none.
   * @throws {MatrixError} 400 `M_INVALID_ROOM_STATE` when one of them is not allowed by those before
   */
  createRoom(room: NewRoom): Promise<CreatedRoom>
  /**
   * What every invitation is asked first: can it reach the user, and do they want any?
   * {@link Sending.send} asks by itself.
   * @throws {MatrixError} 403 `M_INVITE_BLOCKED`, or `M_FORBIDDEN` for a user of another server
   */
  checkInvitePermission(target: UserId): Promise<void>
}
