import type { Relation } from '#matrix/events/relation.ts'
import type { EventId, RoomId, UserId } from '#matrix/ids.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'

declare const brand: unique symbol
type Key<Name extends string> = number & { readonly [brand]: Name }

/** Interned room, user and device: what tables and caches use instead of the long ids. */
export type RoomKey = Key<'RoomKey'>
export type UserKey = Key<'UserKey'>
export type DeviceKey = Key<'DeviceKey'>

/** What the log knows of a room without reading its state. */
export interface RoomInfo {
  readonly key: RoomKey
  readonly roomId: RoomId
  readonly version: RoomVersion
}

/** A user as the dictionary has it; `local` when the id's server is ours. */
export interface UserInfo {
  readonly key: UserKey
  readonly userId: UserId
  readonly local: boolean
}

/**
 * The dictionary interns room and user ids. Look-ups are cached per worker; the entries are
 * immutable, so the cache needs no invalidation.
 */
export interface Dictionary {
  /** The room, when this server knows it. */
  room(roomId: RoomId): Promise<RoomInfo | undefined>
  /** Those of the rooms that this server knows, in one statement. */
  roomsById(roomIds: readonly RoomId[]): Promise<Map<RoomId, RoomInfo>>
  /** Those of the rooms that this server knows, in one statement. */
  roomsById(roomIds: readonly RoomId[]): Promise<Map<RoomId, RoomInfo>>
  roomByKey(key: RoomKey): Promise<RoomInfo>
  roomsByKey(keys: readonly RoomKey[]): Promise<Map<RoomKey, RoomInfo>>
  /** A new key for a room that is about to be created; the `room` append item stores it. */
  reserveRoom(): Promise<RoomKey>
  /** Finds or makes the user's key. */
  user(userId: UserId): Promise<UserInfo>
  /** Finds the user's key without making one. */
  findUser(userId: UserId): Promise<UserInfo | undefined>
  userByKey(key: UserKey): Promise<UserInfo>
  usersByKey(keys: readonly UserKey[]): Promise<Map<UserKey, UserInfo>>
}

/**
 * Where the state after an event is found (storage: lines and checkpoints): the state after the
 * first `idx` changes of a line.
 */
export interface Point {
  readonly line: number
  readonly idx: number
}

/** Bits of `events.flags`. */
export const EventFlag = {
  rejected: 1,
  softFailed: 2,
  redacted: 4,
  outlier: 8,
  encrypted: 16,
  /** Counts as unread under the default push rules. */
  notifies: 32,
  /**
   * The room's current state changed otherwise than by this event alone: it forks or joins branches.
   * What caches have of that state must be read anew.
   */
  reshapes: 64,
  /** Some event of the room relates to it, or did before it was redacted. */
  related: 128,
} as const

/** A stored event. `json` is the canonical federation form, exactly as signed; never mutate or reformat it. */
export interface StoredEvent {
  readonly pos: number
  readonly room: RoomKey
  readonly eventId: EventId
  readonly type: string
  readonly stateKey: string | undefined
  readonly sender: UserKey
  readonly senderId: UserId
  readonly depth: number
  readonly ts: number
  readonly flags: number
  /** State after this event; undefined for an outlier. */
  readonly point: Point | undefined
  /** The room's current state after this event, where that is not `point`: it lies on a branch. */
  readonly current?: Point
  /** Running count, per room, of events that notify under the default rules, this one included. */
  readonly notifySeq: number
  /** The thread root's position when the event is in a thread. */
  readonly thread: number | undefined
  /** The redaction's position when the event is redacted. */
  readonly redactedBy: number | undefined
  readonly json: string
  /** `json.slice(contentAt, contentEnd)` is the value of `content`. UTF-16 offsets. */
  readonly contentAt: number
  readonly contentEnd: number
}

/**
 * A reference to an event that may not be committed yet: events of one atomic group, and
 * predicted sends, point at each other. `pos` is set once the event is in the log.
 */
export interface EventRef {
  readonly eventId: EventId
  readonly depth: number
  pos: number | undefined
}

/** Makes a room; the first item of a createRoom group. */
export interface RoomItem {
  readonly kind: 'room'
  readonly room: RoomKey
  readonly roomId: RoomId
  readonly version: string
}

/** One signed and authorised event of this server. */
export interface EventItem {
  readonly kind: 'event'
  readonly room: RoomKey
  readonly ref: EventRef
  readonly type: string
  readonly stateKey: string | undefined
  readonly sender: UserKey
  readonly senderId: UserId
  readonly ts: number
  readonly prev: readonly EventRef[]
  readonly auth: readonly EventRef[]
  /** The `rooms.state_version` on which the event was authorised; undefined for the events of a new room. */
  readonly stateVersion: number | undefined
  readonly flags: number
  readonly json: string
  readonly contentAt: number
  readonly contentEnd: number
  /** For `m.room.member`: whose membership becomes what. */
  readonly membership: { readonly user: UserKey; readonly membership: string } | undefined
  /** The event that this one redacts, when the redaction is effective. */
  readonly redacts: EventRef | undefined
  /** Root of the thread this event belongs to. */
  readonly thread: EventRef | undefined
  /** What the event relates to; left out by hand-made items only. */
  readonly relation?: Relation | undefined
  /** Local users for whom it is a highlight (mention, keyword). */
  readonly highlights: readonly UserKey[]
  /** Idempotency key: (device, endpoint, room, type, transaction id) folded into `key`. */
  readonly txn:
    | { readonly device: DeviceKey; readonly key: string; readonly id: string }
    | undefined
}

/** A receipt; only forward movement changes anything. */
export interface ReceiptItem {
  readonly kind: 'receipt'
  readonly room: RoomKey
  readonly user: UserKey
  /** `m.read` or `m.read.private` */
  readonly type: string
  /** `undefined`: unthreaded; `main` or a thread root's event id otherwise. */
  readonly threadId: string | undefined
  readonly event: EventRef
  readonly ts: number
}

/** Account data, global when `room` is undefined; `content` is JSON text, `{}` deletes. */
export interface AccountDataItem {
  readonly kind: 'account_data'
  readonly user: UserKey
  readonly room: RoomKey | undefined
  readonly type: string
  readonly content: string
}

/** Messages of one request to devices, at most one for each; alone in its group. */
export interface ToDeviceItem {
  readonly kind: 'to_device'
  /** The event as its receiver is told of it, JSON text, by device; one that is gone gets nothing. */
  readonly messages: ReadonlyMap<DeviceKey, string>
  /** Idempotency key. The same again is answered `ok`, and delivers nothing. */
  readonly txn: { readonly device: DeviceKey; readonly key: string; readonly id: string }
}

/** Tells every worker to forget what it cached. */
export interface InvalidationItem {
  readonly kind: 'invalidation'
  readonly what: 'device' | 'user' | 'registration'
  /** Device key, user key or other identifier as text. */
  readonly key: string
}

export type AppendItem =
  | RoomItem
  | EventItem
  | ReceiptItem
  | AccountDataItem
  | ToDeviceItem
  | InvalidationItem

/**
 * What became of an atomic group: all its items got positions, or none did.
 * `duplicate`: the transaction key is known, `eventId` is what it stands for. `conflict`: the
 * room moved on since the event was authorised; catch up, authorise again, retry.
 */
export type AppendOutcome =
  | { readonly outcome: 'ok' }
  | { readonly outcome: 'duplicate'; readonly eventId: EventId }
  | { readonly outcome: 'conflict' }

/**
 * An event as the tail delivers it. `client` is the client form without `unsigned` and `room_id`,
 * pruned when the event is redacted.
 */
export interface EventEntry {
  readonly kind: 'event'
  readonly pos: number
  readonly event: StoredEvent
  readonly client: string
  readonly membership: { readonly user: UserKey; readonly membership: string } | undefined
  /** Whose current membership changed, when that is not just as `membership` says: see `reshapes`. */
  readonly members?: readonly UserKey[]
  readonly redacts: number | undefined
  /** Position of the state event that it replaced. */
  readonly replaces: number | undefined
  /** The event that it relates to. Left out by hand-made entries only. */
  readonly relatesTo?: EventId | undefined
  /** Positions of its parents, as far as they are known. Left out by hand-made entries only. */
  readonly prev?: readonly number[]
  readonly highlights: readonly UserKey[]
  readonly txn: { readonly device: DeviceKey; readonly id: string } | undefined
}

export interface ReceiptEntry {
  readonly kind: 'receipt'
  readonly pos: number
  readonly room: RoomKey
  readonly user: UserKey
  readonly type: string
  readonly threadId: string | undefined
  readonly eventId: EventId
  readonly eventPos: number
  readonly ts: number
}

export interface AccountDataEntry {
  readonly kind: 'account_data'
  readonly pos: number
  readonly user: UserKey
  readonly room: RoomKey | undefined
  readonly type: string
  readonly content: string
}

/** There is something in the inboxes of devices; what it is, they read from there. */
export interface ToDeviceEntry {
  readonly kind: 'to_device'
  readonly pos: number
  /** In ascending order. */
  readonly devices: readonly DeviceKey[]
}

export interface InvalidationEntry {
  readonly kind: 'invalidation'
  readonly pos: number
  readonly what: InvalidationItem['what']
  readonly key: string
}

export type LogEntry =
  | EventEntry
  | ReceiptEntry
  | AccountDataEntry
  | ToDeviceEntry
  | InvalidationEntry

/** The writing and tailing face of the log. */
export interface Log {
  /** Highest position this worker has applied. */
  readonly head: number
  /**
   * Appends one atomic group; resolves only after its commit is flushed and, on this worker,
   * applied: `head` and the subscribers are past it.
   * @throws {MatrixError} 503 when the database can't be reached in bounded time
   */
  append(group: readonly AppendItem[]): Promise<AppendOutcome>
  /** Entries in position order, after they are durable. Called synchronously; must not throw. */
  subscribe(listener: (entries: readonly LogEntry[]) => void): () => void
  /**
   * Called when everything cached from the log must be dropped: the log continues from another
   * history (failover, restore). Entries since then follow through `subscribe`.
   */
  onReset(listener: () => void): () => void
  /** Resolves once `head` is at least the log's last position at the time of the call. */
  catchUp(): Promise<void>
}

/** Keys under which a long poll sleeps. */
export type WakeKey = `r${number}` | `u${number}` | `d${number}`

/** Wakes long polls. The log wakes rooms and users itself; ephemeral services wake by hand. */
export interface Wakeups {
  /**
   * Registers before the caller reads any position; `woken` resolves at the first wake under one
   * of the keys after registration.
   */
  register(keys: Iterable<WakeKey>): Waiter
  wake(keys: Iterable<WakeKey>): void
}

export interface Waiter extends Disposable {
  readonly woken: Promise<void>
  readonly isWoken: boolean
}

/** A sync token, parsed: `s<tag>_<pos>[_d<inbox>][_x<boot>.<n>[.<shown>]]`. */
export interface SyncToken {
  readonly tag: number
  readonly pos: number
  readonly inbox: number | undefined
  /** Worker-local counter for typing and presence, and what the client was told, for other workers. */
  readonly ephemeral:
    | { readonly boot: string; readonly n: number; readonly shown?: string }
    | undefined
  /** Positions in further logs, of a token that a server with a split log made; never made here. */
  readonly otherLogs?: readonly number[]
}

/** Membership of one user in one room, as of its last change. */
export interface MembershipRow {
  readonly room: RoomKey
  readonly user: UserKey
  readonly membership: string
  /** Position of the membership event. */
  readonly pos: number
  /** The user has forgotten the room, and has not come back to it since. */
  readonly forgotten: boolean
}
