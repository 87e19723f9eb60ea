import type { LogReads } from '#log/reads.ts'
import type { TimelineReads } from '#log/reads-timeline.ts'
import type { Db } from '#db/db.ts'
import type { Dictionary, StoredEvent } from '#log/types.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { RoomEventFilter } from '#services/filters/index.ts'
import type { ClientEvents } from '#services/timeline/index.ts'
import type { Access, RoomAccess, Visibility } from '#services/visibility/index.ts'
import type { SearchIndexer } from './indexer.ts'
import type { SearchKey } from './searchable-text.ts'

/** By what the results of one answer can be grouped. */
export type GroupKey = 'room_id' | 'sender'

/** How much around each result is wanted. */
export interface ContextLimits {
  readonly before: number
  readonly after: number
  /** Name and picture, at the result, of whoever sent the events. */
  readonly profile: boolean
}

/** A search for room events. */
export interface SearchRequest {
  readonly term: string
  readonly keys: readonly SearchKey[]
  readonly filter: RoomEventFilter
  readonly orderBy: 'recent' | 'rank'
  /** Results on a page. */
  readonly limit: number
  readonly context: ContextLimits | undefined
  readonly includeState: boolean
  readonly groupBy: readonly GroupKey[]
  /** A token of the page before. */
  readonly nextBatch: string | undefined
}

/** An event that was found and that the searcher may see. */
export interface Found {
  readonly event: StoredEvent
  readonly access: RoomAccess
  readonly place: number
  readonly rank: number
}

export interface SearchDeps {
  readonly db: Db
  readonly reads: LogReads
  readonly timelineReads: TimelineReads
  readonly dictionary: Dictionary
  readonly roomStates: RoomStates
  readonly visibility: Visibility
  readonly access: Access
  readonly clientEvents: ClientEvents
  readonly indexer: Pick<SearchIndexer, 'catchUp'>
}
