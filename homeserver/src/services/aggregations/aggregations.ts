import type { LogReads } from '#log/reads.ts'
import type { RelationReads, RelationSums } from '#log/reads-relations.ts'
import { EventFlag, type Log, type StoredEvent, type UserKey } from '#log/types.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { Visibility } from '#services/visibility/index.ts'
import { IgnoredLists } from './ignored-lists.ts'
import { splitOpen } from './open-rooms.ts'
import type { Aggregate, Aggregations } from './types.ts'
import { aggregateOf, relationOfStored, type Child } from './visible-children.ts'

export interface AggregationsDeps {
  readonly log: Pick<Log, 'subscribe' | 'onReset'>
  readonly reads: Pick<LogReads, 'accountData' | 'eventsByPos' | 'membershipsOf'>
  readonly relationReads: RelationReads
  readonly roomStates: RoomStates
  readonly visibility: Visibility
}

/** Where each related event has to be judged by itself, no more of them are looked at. */
const MAX_JUDGED = 200

type Aggregates = ReadonlyMap<number, Aggregate>

/** Makes the service; one per worker. */
export function createAggregations(deps: AggregationsDeps): Aggregations {
  return new RelationAggregations(deps)
}

class RelationAggregations implements Aggregations {
  readonly #deps: AggregationsDeps
  readonly #ignored: IgnoredLists
  /** Events that are asked for in this turn of the event loop, by user. */
  readonly #waiting = new Map<UserKey, { events: StoredEvent[]; found: Promise<Aggregates> }>()

  constructor(deps: AggregationsDeps) {
    this.#deps = deps
    this.#ignored = new IgnoredLists(deps)
  }

  async of(events: readonly StoredEvent[], user: UserKey): Promise<Aggregates> {
    const parents = events.filter(mayHaveRelations)
    if (parents.length === 0) return new Map()
    let waiting = this.#waiting.get(user)
    if (waiting === undefined) {
      waiting = { events: [], found: this.#afterTurn(user) }
      this.#waiting.set(user, waiting)
    }
    waiting.events.push(...parents)
    return await waiting.found
  }

  async ignoredBy(user: UserKey): Promise<readonly string[]> {
    return await this.#ignored.of(user)
  }

  /** The rooms of one answer ask in the same turn: all get their sums by one statement. */
  async #afterTurn(user: UserKey): Promise<Aggregates> {
    await new Promise<void>((resolve) => setImmediate(resolve))
    const events = this.#waiting.get(user)?.events ?? []
    this.#waiting.delete(user)
    return await this.#aggregate([...new Map(events.map((one) => [one.pos, one])).values()], user)
  }

  async #aggregate(events: readonly StoredEvent[], user: UserKey): Promise<Aggregates> {
    const [{ open, doubtful }, ignored] = await Promise.all([
      splitOpen(events, user, this.#deps),
      this.#ignored.of(user),
    ])
    const [summed, judged] = await Promise.all([
      this.#sum(open, user, ignored),
      this.#judge(doubtful, user, ignored),
    ])
    return new Map([...summed, ...judged])
  }

  async #sum(
    events: readonly StoredEvent[],
    user: UserKey,
    ignored: readonly string[],
  ): Promise<Aggregates> {
    if (events.length === 0) return new Map()
    const { relationReads, reads } = this.#deps
    const positions = events.map(({ pos }) => pos)
    const sums = await relationReads.sums(positions, user, ignored)
    const wanted = Array.from(sums.values()).flatMap(({ edit, thread }) => [edit, thread?.latest])
    const children = wanted.filter((pos) => pos !== undefined)
    const found = children.length === 0 ? new Map() : await reads.eventsByPos(children)
    const aggregates = new Map<number, Aggregate>()
    for (const event of events) {
      const sum = sums.get(event.pos)
      if (sum !== undefined) aggregates.set(event.pos, withEvents(event, sum, found, user))
    }
    return aggregates
  }

  async #judge(
    events: readonly StoredEvent[],
    user: UserKey,
    ignored: readonly string[],
  ): Promise<Aggregates> {
    if (events.length === 0) return new Map()
    const { relationReads, reads, visibility } = this.#deps
    const positions = events.map(({ pos }) => pos)
    const related = await relationReads.newestRelated(positions, ignored, MAX_JUDGED)
    if (related.length === 0) return new Map()
    const found = Array.from((await reads.eventsByPos(related)).values())
    const visible = await visibility.canSee(user, found)
    const children = found.flatMap((event, index): Child[] => {
      const relation = visible[index] === true ? relationOfStored(event) : undefined
      return relation === undefined ? [] : [{ event, relation }]
    })
    return new Map(events.map((event) => [event.pos, aggregateOf(event, children, user)]))
  }
}

/** State events have no aggregations yet, says the specification. */
const mayHaveRelations = ({ flags, stateKey }: StoredEvent): boolean =>
  (flags & EventFlag.related) !== 0 && stateKey === undefined

function withEvents(
  parent: StoredEvent,
  { edit, thread, references }: RelationSums,
  events: ReadonlyMap<number, StoredEvent>,
  user: UserKey,
): Aggregate {
  const latest = thread && events.get(thread.latest)
  return {
    edit: edit === undefined ? undefined : events.get(edit),
    thread:
      thread === undefined || latest === undefined
        ? undefined
        : {
            latest,
            count: thread.count,
            participated: thread.participated || parent.sender === user,
          },
    references,
  }
}
