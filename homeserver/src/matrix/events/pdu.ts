import type { EventId, RoomId, UserId } from '../ids.ts'
import type { JsonObject } from '../json.ts'

/**
 * An event in federation form, as it is hashed, signed and stored. Treated as immutable: whoever
 * needs another form builds a new object.
 * https://spec.matrix.org/v1.19/rooms/v12/#event-format
 */
export type Pdu = Readonly<JsonObject> & {
  readonly type: string
  readonly sender: UserId
  readonly content: JsonObject
  readonly origin_server_ts: number
  readonly depth: number
  readonly prev_events: EventId[]
  readonly auth_events: EventId[]
}

/**
 * An event as authorisation rules, state resolution and push rules see it: parsed, its ids known,
 * independent of the room version's format.
 */
export interface RoomEvent {
  readonly eventId: EventId
  /** In room version 12 derived from the create event's id; the create event itself has it too. */
  readonly roomId: RoomId
  readonly type: string
  /** undefined: not a state event. */
  readonly stateKey: string | undefined
  readonly sender: UserId
  readonly content: JsonObject
  readonly originServerTs: number
  readonly depth: number
  readonly prevEvents: readonly EventId[]
  readonly authEvents: readonly EventId[]
  /** The redacted event: top level up to room version 10, in `content` from 11. */
  readonly redacts: EventId | undefined
  /** Failed authorisation by its auth events or the state before it. */
  readonly rejected: boolean
}

/** `(type, state_key)` as one map key; NUL cannot occur in either. */
export type StateKeyString = string & { readonly __stateKey: unique symbol }

/** Room state: one event id for each `(type, state_key)`. */
export type StateMap = ReadonlyMap<StateKeyString, EventId>
