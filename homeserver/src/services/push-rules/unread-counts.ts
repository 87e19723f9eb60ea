import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { LogReads } from '#log/reads.ts'
import type { UnreadMark, UnreadReads, UnreadState } from '#log/reads-unread.ts'
import {
  EventFlag,
  type EventEntry,
  type Log,
  type LogEntry,
  type RoomKey,
  type UserKey,
} from '#log/types.ts'
import type { EventId } from '#matrix/ids.ts'
import { OwnUnread } from './own-unread.ts'
import type { PushEvaluator } from './push-evaluator.ts'
import type { RuleBook, UserRef } from './rule-book.ts'
import { UnreadPair, type Counts, type PairCounts } from './unread-pair.ts'

/** What `/sync` says of a room: everything, the main timeline alone, and each thread. */
export interface RoomUnread {
  readonly total: Counts
  readonly main: Counts
  /** By the root's event ID; threads without unread events are left out. */
  readonly threads: ReadonlyMap<EventId, Counts>
}

/** Reads of one pair that are under way. */
interface Loading {
  reads: number
  /** Something happened to the pair that the reads may not have seen. */
  stale: boolean
}

export interface UnreadDeps {
  readonly log: Pick<Log, 'head' | 'subscribe' | 'onReset'>
  readonly reads: UnreadReads &
    Pick<LogReads, 'eventsByPos' | 'roomTail' | 'roomHead' | 'loadRoomHeads'>
  readonly ruleBook: RuleBook
  readonly evaluator: PushEvaluator
}

/** Pairs of user and room in memory: about 300 bytes each. */
const MAX_PAIRS = 50_000
const MAX_ROOTS = 10_000
/** Thread events remembered for a room before its pairs are read again. */
const MAX_THREAD_EVENTS = 256

/**
 * Unread counts. Most people have the default rules, under which an event is counted once for
 * everybody: these are read from the database once per user and room, from then on kept current by
 * the log, so an event and its count arrive together. Others have theirs judged event by event.
 * https://spec.matrix.org/v1.19/client-server-api/#receiving-notifications
 */
export class UnreadCounts {
  readonly #reads: UnreadDeps['reads']
  readonly #ruleBook: RuleBook
  readonly #own: OwnUnread
  readonly #pairs = new LRUCache<string, UnreadPair>(upTo(MAX_PAIRS))
  /** The running count of rooms with events since this worker started. */
  readonly #heads = new Map<RoomKey, number>()
  readonly #threadEvents = new Map<RoomKey, { floor: number; marks: UnreadMark[] }>()
  /** Event IDs of thread roots by position. */
  readonly #rootIds = new LRUCache<number, EventId>(upTo(MAX_ROOTS))
  readonly #loading = new Map<string, Loading>()

  constructor(deps: UnreadDeps) {
    this.#reads = deps.reads
    this.#ruleBook = deps.ruleBook
    this.#own = new OwnUnread(deps)
    deps.log.subscribe((entries) => this.#follow(entries))
    deps.log.onReset(() => {
      this.#pairs.clear()
      this.#heads.clear()
      this.#rootIds.clear()
      this.#threadEvents.clear()
      for (const loading of this.#loading.values()) loading.stale = true
    })
  }

  /** Counts of a user in many rooms; without SQL where memory has them. */
  async of(user: UserRef, rooms: readonly RoomKey[]): Promise<Map<RoomKey, RoomUnread>> {
    const rules = await this.#ruleBook.of(user)
    const counts = rules.isOwn
      ? await this.#own.of(user, rules, rooms)
      : await this.#byClass(user.key, rooms)
    await this.#loadRootIds(
      Array.from(counts.values(), ({ threads }) => [...threads.keys()]).flat(),
    )
    return new Map(Array.from(counts, ([room, count]) => [room, this.#roomUnread(count)]))
  }

  async #byClass(user: UserKey, rooms: readonly RoomKey[]): Promise<Map<RoomKey, PairCounts>> {
    const pairs = await this.#load(user, rooms)
    return new Map(
      Array.from(pairs, ([room, pair]) => [
        room,
        pair.counts(this.#heads.get(room) ?? 0, this.#newer(room, pair)),
      ]),
    )
  }

  async #loadRootIds(roots: readonly number[]): Promise<void> {
    const missing = roots.filter((root) => !this.#rootIds.has(root))
    if (missing.length === 0) return
    for (const [pos, { eventId }] of await this.#reads.eventsByPos(missing)) {
      this.#rootIds.set(pos, eventId)
    }
  }

  #roomUnread({ main, threads }: PairCounts): RoomUnread {
    const byId = new Map<EventId, Counts>()
    for (const [root, count] of threads) {
      const eventId = this.#rootIds.get(root)
      if (eventId !== undefined) byId.set(eventId, count)
    }
    return { main, total: sum(main, threads.values()), threads: byId }
  }

  async #load(user: UserKey, rooms: readonly RoomKey[]): Promise<Map<RoomKey, UnreadPair>> {
    const found = new Map<RoomKey, UnreadPair>()
    const missing: RoomKey[] = []
    for (const room of rooms) {
      const pair = this.#pairs.get(keyOf(user, room))
      if (pair !== undefined && this.#covers(room, pair)) found.set(room, pair)
      else missing.push(room)
    }
    if (missing.length === 0) return found
    for (const room of missing) this.#startLoading(keyOf(user, room))
    const states = await this.#readStates(user, missing)
    for (const state of states) {
      const pair = new UnreadPair(state)
      const key = keyOf(user, state.room)
      found.set(state.room, pair)
      if (!this.#endLoading(key)) this.#pairs.set(key, pair)
    }
    return found
  }

  async #readStates(user: UserKey, rooms: readonly RoomKey[]): Promise<UnreadState[]> {
    try {
      return await this.#reads.unreadStates(rooms.map((room) => ({ user, room })))
    } catch (error) {
      for (const room of rooms) this.#endLoading(keyOf(user, room))
      throw error
    }
  }

  #startLoading(key: string): void {
    const loading = this.#loading.get(key) ?? { reads: 0, stale: false }
    loading.reads += 1
    this.#loading.set(key, loading)
  }

  /** True when what was read may be outdated already. */
  #endLoading(key: string): boolean {
    const loading = this.#loading.get(key)
    if (loading === undefined) return true
    loading.reads -= 1
    if (loading.reads === 0) this.#loading.delete(key)
    return loading.stale
  }

  /** False when thread events after the pair was read are no longer remembered. */
  #covers(room: RoomKey, pair: UnreadPair): boolean {
    return (this.#threadEvents.get(room)?.floor ?? 0) <= pair.loadedTo
  }

  #newer(room: RoomKey, pair: UnreadPair): UnreadMark[] {
    const marks = this.#threadEvents.get(room)?.marks ?? []
    return marks.filter(({ pos }) => pos > pair.loadedTo)
  }

  #follow(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      if (entry.kind === 'event') this.#followEvent(entry)
      // where the read position now lies in the running count is the database's to say
      else if (entry.kind === 'receipt') this.#forget(keyOf(entry.user, entry.room))
    }
  }

  #followEvent({ event, highlights }: EventEntry): void {
    const { room, pos } = event
    const mark = { pos, root: event.thread }
    this.#heads.set(room, event.notifySeq)
    if (event.thread !== undefined && (event.flags & EventFlag.notifies) !== 0) {
      this.#rememberThreadEvent(room, mark)
    }
    this.#change(keyOf(event.sender, room), (pair) => pair.sent(pos, event.notifySeq))
    for (const user of highlights) {
      this.#change(keyOf(user, room), (pair) => pair.highlighted(mark))
    }
  }

  #rememberThreadEvent(room: RoomKey, mark: UnreadMark): void {
    const known = this.#threadEvents.get(room) ?? { floor: 0, marks: [] }
    known.marks.push(mark)
    if (known.marks.length > MAX_THREAD_EVENTS) known.floor = known.marks.shift()?.pos ?? 0
    this.#threadEvents.set(room, known)
  }

  #change(key: string, apply: (pair: UnreadPair) => void): void {
    const loading = this.#loading.get(key)
    if (loading !== undefined) loading.stale = true
    const pair = this.#pairs.peek(key)
    if (pair !== undefined) apply(pair)
  }

  #forget(key: string): void {
    const loading = this.#loading.get(key)
    if (loading !== undefined) loading.stale = true
    this.#pairs.delete(key)
  }
}

const keyOf = (user: UserKey, room: RoomKey): string => `${user} ${room}`

function sum(main: Counts, threads: Iterable<Counts>): Counts {
  let { notifications, highlights } = main
  for (const thread of threads) {
    notifications += thread.notifications
    highlights += thread.highlights
  }
  return { notifications, highlights }
}

/** Makes the service; one per worker. */
export function createUnreadCounts(deps: UnreadDeps): UnreadCounts {
  return new UnreadCounts(deps)
}
