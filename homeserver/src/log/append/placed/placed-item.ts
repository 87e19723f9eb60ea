import type { EventId, RoomId, UserId } from '#matrix/ids.ts'
import type { Relation } from '#matrix/events/relation.ts'
import type { EventRef, Point, RoomKey, UserKey } from '../../types.ts'

/** Stands for the event itself, which has no position yet, among positions of events. */
export const OWN = 0

/** A line to make: on a point of another line, or on a state of its own. */
export interface NewLine {
  readonly parent: Point | undefined
  /** The state it starts with, encoded; undefined when it has a parent. */
  readonly checkpoint: Buffer | undefined
}

/** One change of a line. */
export interface LineRow {
  readonly line: number
  readonly idx: number
  readonly key: number
  /** Undefined: the key is removed. */
  readonly ev: number | undefined
  readonly prev: number | undefined
}

/** How one key of the current state changes; `ev` undefined: it is removed. */
export interface StateChange {
  readonly key: number
  readonly ev: number | undefined
}

/** What becomes of the room's current state. */
export interface CurrentChange {
  readonly point: Point
  readonly changes: readonly StateChange[]
  readonly members: readonly { readonly user: UserKey; readonly membership: string }[]
  /** Extremities afterwards; {@link OWN} is the event. */
  readonly extremities: readonly number[]
}

/** Where an event belongs in its room's state. Lines to make are numbered -1, -2 … */
export interface Placement {
  readonly lines: readonly NewLine[]
  readonly rows: readonly LineRow[]
  /** State after the event; undefined for an outlier. */
  readonly point: Point | undefined
  /** Undefined when the event changes neither the current state nor the extremities. */
  readonly current: CurrentChange | undefined
  /** What the current state was when the event was placed; undefined when it does not matter. */
  readonly expected:
    | { readonly stateVersion: number; readonly extremities: readonly number[] }
    | undefined
}

/** One checked event with its place. */
export interface PlacedItem {
  readonly room: RoomKey
  /** Makes the room: the first event of one that this server joins. */
  readonly newRoom: { readonly roomId: RoomId; readonly version: string } | undefined
  /** `pos` is set once it is in the log. */
  readonly ref: EventRef
  readonly type: string
  readonly stateKey: string | undefined
  readonly sender: UserKey
  readonly senderId: UserId
  readonly ts: number
  /** See `EventFlag`; `reshapes` is added by the encoder. */
  readonly flags: number
  /** True: it gets a position after all others, and `/sync` sees it if it counts. False: before all others. */
  readonly inLog: boolean
  /** Parents and authorising events that are stored, by position. */
  readonly prev: readonly number[]
  readonly auth: readonly number[]
  /** Those that the server lacks. */
  readonly missing: readonly { readonly eventId: EventId; readonly isAuth: boolean }[]
  readonly redacts: number | undefined
  readonly thread: number | undefined
  /** What it relates to; left out by hand-made items only. */
  readonly relation?: Relation | undefined
  readonly highlights: readonly UserKey[]
  readonly json: string
  readonly contentAt: number
  readonly contentEnd: number
  readonly placement: Placement
}
