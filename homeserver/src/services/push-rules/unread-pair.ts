import type { UnreadMark, UnreadState } from '#log/reads-unread.ts'

/** How much is unread in a room or in a part of it. */
export interface Counts {
  readonly notifications: number
  readonly highlights: number
}

/** Counts of the main timeline and of each thread that has any, by the position of its root. */
export interface PairCounts {
  readonly main: Counts
  readonly threads: ReadonlyMap<number, Counts>
}

/** What is unread for one user in one room, kept current event by event. */
export class UnreadPair {
  readonly #state: UnreadState
  #readPos: number
  #readSeq: number
  readonly #highlights: UnreadMark[]

  constructor(state: UnreadState) {
    this.#state = state
    this.#readPos = state.readPos
    this.#readSeq = state.readSeq
    this.#highlights = [...state.highlights]
  }

  /** Thread events up to here are part of the state; later ones have to be handed in. */
  get loadedTo(): number {
    return this.#state.lastPos
  }

  /** The user sent an event, so has read everything before it. */
  sent(pos: number, notifySeq: number): void {
    if (pos <= this.#readPos) return
    this.#readPos = pos
    this.#readSeq = notifySeq
  }

  /** An event concerns the user in particular. */
  highlighted(mark: UnreadMark): void {
    if (!this.#highlights.some(({ pos }) => pos === mark.pos)) this.#highlights.push(mark)
  }

  /**
   * @param headSeq the room's running count of notifying events
   * @param newer notifying events in threads after `loadedTo`
   */
  counts(headSeq: number, newer: readonly UnreadMark[]): PairCounts {
    const main = this.#mainRead()
    const inThreads = [...this.#state.threadEvents, ...newer]
    const threaded = inThreads.filter(({ pos }) => pos > main.pos).length
    const head = Math.max(headSeq, this.#state.headSeq)
    const unreadHighlights = this.#highlights.filter((mark) => this.#isUnread(mark))
    const ofMain = unreadHighlights.filter(({ root }) => root === undefined).length
    return {
      main: countsOf(head - main.seq - threaded, ofMain),
      threads: this.#threadCounts(inThreads, unreadHighlights),
    }
  }

  #mainRead(): { pos: number; seq: number } {
    const { mainPos, mainSeq } = this.#state
    return mainPos > this.#readPos
      ? { pos: mainPos, seq: mainSeq }
      : { pos: this.#readPos, seq: this.#readSeq }
  }

  #isUnread({ pos, root }: UnreadMark): boolean {
    if (root === undefined) return pos > this.#mainRead().pos
    return pos > Math.max(this.#readPos, this.#state.threadReads.get(root) ?? 0)
  }

  #threadCounts(
    events: readonly UnreadMark[],
    highlights: readonly UnreadMark[],
  ): Map<number, Counts> {
    const notifying = countByRoot(events.filter((mark) => this.#isUnread(mark)))
    const highlighted = countByRoot(highlights)
    const roots = new Set([...notifying.keys(), ...highlighted.keys()])
    return new Map(
      Array.from(roots, (root) => [
        root,
        countsOf(notifying.get(root) ?? 0, highlighted.get(root) ?? 0),
      ]),
    )
  }
}

/** A highlight notifies too, even where the room's running count leaves the event out. */
function countsOf(notifications: number, highlights: number): Counts {
  return { notifications: Math.max(notifications, highlights, 0), highlights }
}

function countByRoot(marks: readonly UnreadMark[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { root } of marks) {
    if (root !== undefined) counts.set(root, (counts.get(root) ?? 0) + 1)
  }
  return counts
}
