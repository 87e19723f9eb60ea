import type { StoredEvent, UserKey } from '#log/types.ts'
import type { EventId } from '#matrix/ids.ts'

/** What the events that relate to one event come to. */
export interface Aggregate {
  /** The newest valid edit. */
  readonly edit: StoredEvent | undefined
  readonly thread: ThreadAggregate | undefined
  /** In topological order. */
  readonly references: readonly EventId[]
}

export interface ThreadAggregate {
  /** Topologically. */
  readonly latest: StoredEvent
  readonly count: number
  /** The viewer began the thread or wrote in it. */
  readonly participated: boolean
}

/** Sums up what relates to events, for one user: without what they ignore or may not see. */
export interface Aggregations {
  /**
   * By position; events to which nothing relates are left out. The same statements serve all calls
   * of a turn of the event loop. None for events without the flag `related`.
   * https://spec.matrix.org/v1.19/client-server-api/#aggregations-of-child-events
   */
  of(events: readonly StoredEvent[], user: UserKey): Promise<ReadonlyMap<number, Aggregate>>
  /** User IDs of those whom the user ignores; from memory once read. */
  ignoredBy(user: UserKey): Promise<readonly string[]>
}
