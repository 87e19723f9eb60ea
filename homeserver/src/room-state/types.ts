import type { EventRef, Point, RoomInfo, RoomKey, StoredEvent } from '#log/types.ts'
import type { RoomEvent, StateKeyString } from '#matrix/events/pdu.ts'

/** A state event with its parsed form, shared between readers: treat as immutable. */
export interface StateEvent extends StoredEvent {
  readonly stateKey: string
  /** Parsed on first use. */
  roomEvent(): RoomEvent
}

/** An event of a room on which none follows yet. */
export interface Extremity extends EventRef {
  /** The state after it; absent while it is not in the log. */
  readonly point?: Point
}

/**
 * What a sender needs to know of a room. The worker's cached copy, as of `log.head`; a sender
 * that is wrong because another worker was faster is told so by the append (`conflict`).
 */
export interface RoomContext {
  readonly info: RoomInfo
  readonly extremities: readonly Extremity[]
  /** Depth of the deepest extremity. */
  readonly depth: number
  /** Bumped by each change of the current state. */
  readonly stateVersion: number
  readonly point: Point
  /** Current state event; loads from Postgres what the cache lacks. */
  state(type: string, stateKey: string): Promise<StateEvent | undefined>
  /** The same for several keys in one statement. */
  states(
    keys: readonly (readonly [type: string, stateKey: string])[],
  ): Promise<Map<StateKeyString, StateEvent>>
}

/** State of rooms, now and at each event. */
export interface RoomStates {
  /** @throws {MatrixError} 404 when the room is not known */
  context(room: RoomKey): Promise<RoomContext>
  /** The whole current state, read from Postgres. */
  current(room: RoomKey): Promise<StateEvent[]>
  /** Current state of one key, read from the cache or Postgres. */
  currentOf(room: RoomKey, type: string, stateKey: string): Promise<StateEvent | undefined>
  /**
   * Current state of many rooms for some types (`stateKey` undefined: any), in one statement; all of
   * it without a filter. `notTypes` are left out, so that members need not be read.
   */
  currentOfMany(
    rooms: readonly RoomKey[],
    filter?: readonly { readonly type: string; readonly stateKey?: string }[],
    options?: { readonly notTypes?: readonly string[] },
  ): Promise<Map<RoomKey, StateEvent[]>>
  /** One key of the state at a point. */
  at(point: Point, type: string, stateKey: string): Promise<StateEvent | undefined>
  /**
   * Of some state events those that were the first of their key on their line: by position the point
   * after them. At earlier points of that line the key had no event. One statement.
   */
  firstOfKey(positions: readonly number[]): Promise<Map<number, Point>>
  /** The whole state at a point. */
  fullAt(point: Point): Promise<StateEvent[]>
  /** State before an event: of a message the state after it, of a state event one change earlier. */
  pointBefore(event: StoredEvent): Point | undefined
  /** The point after the last live event of the room at or before a position. */
  pointAtPos(room: RoomKey, pos: number): Promise<Point | undefined>
  /** Keys whose event differs between two points of a room, with the event at `to` (removed keys left out). */
  delta(from: Point, to: Point): Promise<StateEvent[]>
}
