import type { EventId } from '#matrix/ids.ts'
import type {
  AccountDataEntry,
  EventEntry,
  MembershipRow,
  ReceiptEntry,
  RoomKey,
  StoredEvent,
  UserKey,
} from './types.ts'

/** A place in a room's topological order, as `/messages` tokens carry it. */
export interface Topological {
  readonly depth: number
  readonly pos: number
}

/** Reads of the log's tables. Everything goes to Postgres unless it says otherwise. */
export interface LogReads {
  eventById(eventId: EventId): Promise<StoredEvent | undefined>
  eventsById(eventIds: readonly EventId[]): Promise<Map<EventId, StoredEvent>>
  eventsByPos(positions: readonly number[]): Promise<Map<number, StoredEvent>>
  /**
   * The newest `limit` live events of a room in `(after, upTo]`, oldest first. Served from memory
   * when the room is warm. `limited`: older ones were left out.
   */
  roomTail(
    room: RoomKey,
    range: { after: number; upTo: number; limit: number },
  ): Promise<{ events: EventEntry[]; limited: boolean }>
  /** The newest `limit` live events at or before `upTo`, for many rooms in one statement, oldest first. */
  roomTails(
    rooms: readonly RoomKey[],
    options: { upTo: number; limit: number },
  ): Promise<Map<RoomKey, EventEntry[]>>
  /** Events in topological order (depth, pos) from `from` (exclusive), at most `limit`. */
  page(
    room: RoomKey,
    options: { from: Topological | undefined; to?: Topological; dir: 'b' | 'f'; limit: number },
  ): Promise<StoredEvent[]>
  /** Position of each room's last live event. From memory. */
  roomHead(room: RoomKey): number | undefined
  /** Loads heads of rooms that memory lacks. */
  loadRoomHeads(rooms: readonly RoomKey[]): Promise<void>
  /** All rooms a user has a membership in. From memory once loaded; kept current by the tail. */
  membershipsOf(user: UserKey): Promise<ReadonlyMap<RoomKey, MembershipRow>>
  /** Users of a room with one of the memberships. */
  members(room: RoomKey, memberships: readonly string[]): Promise<MembershipRow[]>
  /** Number of members by membership, from memory once loaded. */
  memberCounts(room: RoomKey): Promise<{ joined: number; invited: number }>
  /** The same for many rooms; what memory lacks is read in one statement. */
  memberCountsOf(
    rooms: readonly RoomKey[],
  ): Promise<ReadonlyMap<RoomKey, { joined: number; invited: number }>>
  receiptsIn(
    rooms: readonly RoomKey[],
    range: { after: number; upTo: number },
  ): Promise<ReceiptEntry[]>
  accountDataOf(user: UserKey, range: { after: number; upTo: number }): Promise<AccountDataEntry[]>
  accountData(
    user: UserKey,
    room: RoomKey | undefined,
    type: string,
  ): Promise<AccountDataEntry | undefined>
}
