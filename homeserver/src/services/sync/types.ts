import type { SyncTokens } from '#log/positions/tokens.ts'
import type { Inbox } from '#log/inbox.ts'
import type { LogReads } from '#log/reads.ts'
import type { SummaryReads } from '#log/reads-summary.ts'
import type { DeviceKey, Dictionary, Log, UserKey, Wakeups } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { Aggregations } from '#services/aggregations/index.ts'
import type { createFilters } from '#services/filters/index.ts'
import type { PresenceReader } from '#services/presence/index.ts'
import type { PushRules, UnreadCounts } from '#services/push-rules/index.ts'
import type { ClientEvents, Viewer } from '#services/timeline/index.ts'
import type { Typing } from '#services/typing/index.ts'
import type { Visibility } from '#services/visibility/index.ts'
import type { SyncFilter } from './filter.ts'
import type { LazySession } from './lazy-members.ts'

export interface SyncDeps {
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>
  readonly log: Pick<Log, 'head' | 'subscribe' | 'onReset' | 'catchUp'>
  readonly reads: LogReads
  readonly inbox: Inbox
  readonly summaryReads: SummaryReads
  readonly dictionary: Pick<Dictionary, 'roomsByKey' | 'usersByKey'>
  readonly wakeups: Pick<Wakeups, 'register'>
  readonly tokens: Pick<SyncTokens, 'encode' | 'resolve' | 'tag'>
  readonly roomStates: Omit<RoomStates, 'context'>
  readonly clientEvents: ClientEvents
  readonly aggregations: Pick<Aggregations, 'ignoredBy'>
  readonly visibility: Visibility
  readonly typing: Pick<Typing, 'position' | 'changedSince' | 'typingIn'>
  readonly filters: Pick<ReturnType<typeof createFilters>, 'get' | 'parse'>
  readonly pushRules: Pick<PushRules, 'rulesOf'>
  readonly unread: Pick<UnreadCounts, 'of'>
  /** Absent where presence is off. */
  readonly presence?: Pick<PresenceReader, 'part'> | undefined
}

/** Under which name state is answered: as of the timeline's start, or (`*state_after`) of its end. */
export type StateField = 'state' | 'state_after' | 'org.matrix.msc4222.state_after'

/** A request, its parameters understood. */
export interface SyncRequest {
  readonly since: string | undefined
  readonly filter: SyncFilter
  readonly fullState: boolean
  /** How long to wait for something new, in milliseconds. */
  readonly timeout: number
  readonly stateField: StateField
  /** Throws when the session has ended; asked after each wait, before anything new is told. */
  readonly confirm: () => Promise<void>
}

/** What all parts of one answer share. */
export interface Answering {
  readonly viewer: Viewer
  readonly userId: UserId
  readonly user: UserKey
  readonly filter: SyncFilter
  /** Whose messages and invitations are not told. */
  readonly ignored: ReadonlySet<string>
  readonly stateField: StateField
  /** The answer covers positions after `since` (0: everything) up to `upTo`. */
  readonly since: number
  readonly upTo: number
  readonly device: DeviceKey
  /** Up to where the device has the messages in its inbox. */
  readonly toldUpTo: number
  readonly initial: boolean
  readonly fullState: boolean
  /** What the client knows of presence, and whether another worker told it. */
  readonly presence: { readonly since: number | undefined; readonly elsewhere: boolean }
  /** Absent without lazy loading of members. */
  readonly lazy: LazySession | undefined
}

/** True when state is wanted as of the timeline's end. */
export const wantsStateAfter = ({ stateField }: Pick<Answering, 'stateField'>): boolean =>
  stateField !== 'state'
