import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { UnreadReads } from '#log/reads-unread.ts'
import type { LogReads } from '#log/reads.ts'
import type { Log, RoomKey, StoredEvent, UserKey } from '#log/types.ts'
import { NO_PUSH } from '#matrix/push-rules/evaluate.ts'
import { KeyedTurns } from '#platform/keyed-turns.ts'
import { MAX_MARKS, OwnPair } from './own-pair.ts'
import type { PushEvaluator } from './push-evaluator.ts'
import type { UserRef } from './rule-book.ts'
import type { PairCounts } from './unread-pair.ts'
import type { UserRules } from './user-rules.ts'

export interface OwnUnreadDeps {
  readonly log: Pick<Log, 'head' | 'subscribe' | 'onReset'>
  readonly reads: UnreadReads &
    Pick<LogReads, 'eventsByPos' | 'roomTail' | 'roomHead' | 'loadRoomHeads'>
  readonly evaluator: PushEvaluator
}

interface Kept {
  readonly pair: OwnPair
  /** Under which the events were judged; others make a new pair. */
  readonly rules: UserRules
}

/** Pairs of user and room in memory. */
const MAX_PAIRS = 20_000
/** Up to so many rooms memory is asked for their last events one by one. */
const FEW_ROOMS = 4
const BATCH = 500

/**
 * Unread counts of users with rules of their own. Their events are judged when the counts are asked
 * for, each once, so that sending costs nothing. A change of the rules counts at once for everything
 * that is still unread.
 */
export class OwnUnread {
  readonly #deps: OwnUnreadDeps
  readonly #pairs = new LRUCache<string, Kept>(upTo(MAX_PAIRS))
  /** One question of a user at a time, or events would count twice. */
  readonly #turns = new KeyedTurns<UserKey>()
  /** Users for whom counts are worked out, and rooms where a receipt came meanwhile. */
  readonly #missed = new Map<UserKey, Set<RoomKey>>()

  constructor(deps: OwnUnreadDeps) {
    this.#deps = deps
    deps.log.subscribe((entries) => {
      for (const entry of entries) {
        if (entry.kind === 'receipt') this.#forget(entry.user, entry.room)
      }
    })
    deps.log.onReset(() => this.#pairs.clear())
  }

  /** Counts as of this worker's head, by room. */
  async of(
    user: UserRef,
    rules: UserRules,
    rooms: readonly RoomKey[],
  ): Promise<Map<RoomKey, PairCounts>> {
    return await this.#turns.run(user.key, () => this.#of(user, rules, rooms))
  }

  async #of(user: UserRef, rules: UserRules, rooms: readonly RoomKey[]) {
    const missed = new Set<RoomKey>()
    this.#missed.set(user.key, missed)
    try {
      const pairs = await this.#load(user, rules, rooms)
      await this.#judge(user, pairs)
      for (const [room, pair] of pairs) {
        if (!missed.has(room)) this.#pairs.set(keyOf(user.key, room), { pair, rules })
      }
      return new Map(Array.from(pairs, ([room, pair]) => [room, pair.counts()]))
    } finally {
      this.#missed.delete(user.key)
    }
  }

  async #load(
    user: UserRef,
    rules: UserRules,
    rooms: readonly RoomKey[],
  ): Promise<Map<RoomKey, OwnPair>> {
    const pairs = new Map<RoomKey, OwnPair>()
    for (const room of rooms) {
      // taken out: what fails halfway is read again
      const kept = this.#pairs.get(keyOf(user.key, room))
      this.#pairs.delete(keyOf(user.key, room))
      if (kept?.rules === rules) pairs.set(room, kept.pair)
    }
    const missing = rooms.filter((room) => !pairs.has(room))
    if (missing.length === 0) return pairs
    const states = await this.#deps.reads.unreadStates(
      missing.map((room) => ({ user: user.key, room })),
    )
    for (const state of states) pairs.set(state.room, new OwnPair(state))
    return pairs
  }

  /** Judges what came since, room by room in order. */
  async #judge(user: UserRef, pairs: ReadonlyMap<RoomKey, OwnPair>): Promise<void> {
    const { reads, log, evaluator } = this.#deps
    await reads.loadRoomHeads(
      [...pairs.keys()].filter((room) => reads.roomHead(room) === undefined),
    )
    const upTo = log.head
    const behind = Array.from(pairs, ([room, pair]) => ({ room, after: pair.judgedTo })).filter(
      ({ room, after }) => (reads.roomHead(room) ?? 0) > after,
    )
    for await (const events of this.#eventsAfter(behind, upTo)) {
      const results = await evaluator.judge(user, events)
      const judged = events.map((event, index) => ({ event, result: results[index] ?? NO_PUSH }))
      for (const [room, ofRoom] of Map.groupBy(judged, ({ event }) => event.room)) {
        pairs.get(room)?.add(ofRoom)
      }
    }
    for (const pair of pairs.values()) pair.judgedUpTo(upTo)
  }

  async *#eventsAfter(
    rooms: readonly { readonly room: RoomKey; readonly after: number }[],
    upTo: number,
  ): AsyncGenerator<readonly StoredEvent[]> {
    const { reads } = this.#deps
    if (rooms.length <= FEW_ROOMS) {
      for (const { room, after } of rooms) {
        const { events } = await reads.roomTail(room, { after, upTo, limit: MAX_MARKS })
        yield events.map(({ event }) => event)
      }
      return
    }
    const positions = await reads.positionsAfter(rooms, { upTo, limit: MAX_MARKS })
    for (let at = 0; at < positions.length; at += BATCH) {
      const some = positions.slice(at, at + BATCH)
      const events = await reads.eventsByPos(some)
      yield some.flatMap((pos) => events.get(pos) ?? [])
    }
  }

  #forget(user: UserKey, room: RoomKey): void {
    this.#missed.get(user)?.add(room)
    this.#pairs.delete(keyOf(user, room))
  }
}

const keyOf = (user: UserKey, room: RoomKey): string => `${user} ${room}`
