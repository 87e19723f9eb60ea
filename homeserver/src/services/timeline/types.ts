import type { DeviceKey, EventEntry, StoredEvent, UserKey } from '#log/types.ts'

/** Whose eyes an event is prepared for: counts, transaction ids and memberships are theirs. */
export interface Viewer {
  readonly user: UserKey
  /** The device that asks; `transaction_id` is shown to the sending device only. */
  readonly device: DeviceKey | undefined
}

export interface SerializeOptions {
  /** `/sync` leaves `room_id` out, everything else has it. */
  readonly roomId: boolean
  /** `unsigned.membership` of the viewer at the event (MSC4115); true unless stated. */
  readonly membership?: boolean
  /** `unsigned.prev_content` and `replaces_state` of state events; true unless stated. */
  readonly prevContent?: boolean
  /** `unsigned.m.relations`: what relates to the events, summed up; true unless stated. */
  readonly relations?: boolean | 'withoutThreads'
}

/** An event from the tail or from the database. */
export type AnyEvent = EventEntry | StoredEvent

/** Makes JSON text of events, in the client form with `unsigned`. */
export interface ClientEvents {
  /**
   * The events as JSON texts, in the same order, with everything in `unsigned` that the viewer may
   * see: `age`, `transaction_id`, `prev_content` and `replaces_state`, `redacted_because`,
   * `membership`, `m.relations`. A redacted event comes pruned. Whether the viewer may see the events at all is
   * the caller's to decide (visibility). Without SQL when nothing has to be loaded.
   */
  serializeEvents(
    events: readonly AnyEvent[],
    viewer: Viewer,
    options: SerializeOptions,
  ): Promise<string[]>
  /**
   * Those of the events that {@link serializeEvents} prunes for a user although nobody redacted them:
   * what was sent by users who are erased, while this one was not in the room.
   */
  prunedFor(events: readonly StoredEvent[], user: UserKey): Promise<ReadonlySet<StoredEvent>>
}
