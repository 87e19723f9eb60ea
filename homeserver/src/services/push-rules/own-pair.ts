import { readUpTo, type UnreadMark, type UnreadState } from '#log/reads-unread.ts'
import type { StoredEvent, UserKey } from '#log/types.ts'
import type { PushResult } from '#matrix/push-rules/evaluate.ts'
import type { Counts, PairCounts } from './unread-pair.ts'

/** An event and what the user's rules make of it. */
export interface Judged {
  readonly event: StoredEvent
  readonly result: PushResult
}

interface OwnMark extends UnreadMark {
  readonly highlight: boolean
}

/** Unread notifications of a room that are counted; older ones are forgotten. */
export const MAX_MARKS = 1000

/** What is unread in a room for a user with rules of their own: each event was judged by them. */
export class OwnPair {
  readonly #user: UserKey
  readonly #state: UnreadState
  #readPos: number
  #marks: OwnMark[] = []
  #judgedTo: number

  constructor(state: UnreadState) {
    this.#user = state.user
    this.#state = state
    this.#readPos = state.readPos
    this.#judgedTo = state.readPos
  }

  /** Events after here are still to be judged. */
  get judgedTo(): number {
    return this.#judgedTo
  }

  /** Takes in events that came next, in order. */
  add(judged: readonly Judged[]): void {
    for (const { event, result } of judged) {
      const { pos, sender, thread } = event
      // who writes has read
      if (sender === this.#user) this.#readPos = Math.max(this.#readPos, pos)
      else if (result.notify) {
        this.#marks.push({ pos, root: thread, highlight: result.highlight })
      }
    }
    this.#marks = this.#marks.filter(({ pos }) => pos > this.#readPos).slice(-MAX_MARKS)
  }

  /** Everything up to a position was taken in. */
  judgedUpTo(pos: number): void {
    this.#judgedTo = Math.max(this.#judgedTo, pos)
  }

  counts(): PairCounts {
    const state = { ...this.#state, readPos: this.#readPos }
    const unread = this.#marks.filter(({ pos, root }) => pos > readUpTo(state, root))
    const threads = new Map<number, Counts>()
    for (const [root, marks] of Map.groupBy(unread, (mark) => mark.root)) {
      if (root !== undefined) threads.set(root, countsOf(marks))
    }
    return { main: countsOf(unread.filter(({ root }) => root === undefined)), threads }
  }
}

const countsOf = (marks: readonly OwnMark[]): Counts => ({
  notifications: marks.length,
  highlights: marks.filter(({ highlight }) => highlight).length,
})
