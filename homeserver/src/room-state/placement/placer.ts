import { LRUCache } from 'lru-cache'
import { OWN, type PlacedItem } from '#log/append/placed/placed-item.ts'
import { EventFlag, type AppendOutcome } from '#log/types.ts'
import type { Point, RoomKey, RoomStateDeps } from '../deps.ts'
import type { Lines } from '../lines.ts'
import { currentMembers } from './current-members.ts'
import type { OwnEvent, Resolver } from './merger.ts'
import { ownEvent } from './own-event.ts'
import { placeEvent, type Known, type Standing } from './place-event.ts'
import { readLineEnds, readPoints } from './point-reads.ts'
import { withChange, type State } from './state.ts'

/** An event that is about to be placed: what its parents stand on, and the state they resolve to. */
export interface Before {
  readonly room: RoomKey
  readonly prev: readonly number[]
  readonly state: State
  readonly parents: readonly Known[]
  readonly standing: Standing | undefined
  readonly others: ReadonlyMap<number, Known>
}

/** A checked event, ready to be appended but for its place. */
export type CheckedEvent = Omit<PlacedItem, 'placement' | 'prev' | 'room'>

export interface PlacerDeps extends Pick<RoomStateDeps, 'internals' | 'reads' | 'dictionary'> {
  readonly lines: Lines
  readonly resolver: Resolver
}

/** State maps that are kept, in keys. */
const MOST_KEYS = 1_000_000

/** A parent's state is not known: it is an outlier, or not there. */
export class UnknownParent extends Error {
  readonly pos: number

  constructor(pos: number) {
    super(`The state after the parent ${pos} is not known.`)
    this.name = 'UnknownParent'
    this.pos = pos
  }
}

/** Places events in a room's state, and appends them. */
export class Placer {
  readonly #deps: PlacerDeps
  readonly #states = new LRUCache<string, State>({
    maxSize: MOST_KEYS,
    sizeCalculation: (state) => state.size + 1,
  })

  constructor(deps: PlacerDeps) {
    this.#deps = deps
  }

  /**
   * The state before an event with these parents, by the positions of all parents that count.
   * @throws {UnknownParent} when a parent has no point
   * @throws {MissingEventError} when the server lacks part of an auth chain
   */
  async before(room: RoomKey, prev: readonly number[]): Promise<Before> {
    const read = await this.#read(room, prev)
    const parents = await Promise.all(prev.map((pos) => read.at(pos)))
    const state = await this.#resolve(room, parents)
    return { room, prev, state, parents: distinctPoints(parents), ...(await read.standing()) }
  }

  /** The same when the state before is known from elsewhere: another server told it. */
  async received(room: RoomKey, prev: readonly number[], state: State): Promise<Before> {
    const read = await this.#read(room, [])
    return { room, prev, state, parents: [], ...(await read.standing()) }
  }

  /**
   * Appends the event behind what was found before. After a conflict the room has moved on: begin
   * with {@link before} again.
   * @throws {MatrixError} 503 when the database can't be reached in bounded time
   */
  async append(before: Before, event: CheckedEvent): Promise<AppendOutcome> {
    const placement = await this.place(before, event)
    const { room, prev } = before
    return await this.#deps.internals.appendPlaced({ ...event, room, prev, placement })
  }

  /** Stores an event without a place: what is known of it is only that it exists. */
  async appendOutlier(
    room: RoomKey,
    prev: readonly number[],
    event: CheckedEvent,
  ): Promise<AppendOutcome> {
    return await this.#deps.internals.appendPlaced({
      ...event,
      flags: event.flags | EventFlag.outlier,
      inLog: false,
      room,
      prev,
      placement: {
        lines: [],
        rows: [],
        point: undefined,
        current: undefined,
        expected: undefined,
      },
    })
  }

  async place(before: Before, event: CheckedEvent): Promise<PlacedItem['placement']> {
    const { standing, state } = before
    const rejected = (event.flags & EventFlag.rejected) !== 0
    const counts = event.inLog && !rejected && (event.flags & EventFlag.softFailed) === 0
    const key =
      event.stateKey === undefined || rejected
        ? undefined
        : await keyOf(this.#deps.internals, event.type, event.stateKey)
    const next = counts ? await this.#next(before, key, event) : undefined
    const placed = placeEvent({ before: state, key, parents: before.parents, standing, next })
    if (placed.current === undefined || next === undefined) return { ...placed, current: undefined }
    const { point, changes } = placed.current
    const { reads, dictionary, internals } = this.#deps
    const members = await currentMembers({ reads, dictionary, ...internals }, changes, event)
    return { ...placed, current: { point, changes, members, extremities: next.extremities } }
  }

  clear(): void {
    this.#states.clear()
  }

  async #next(before: Before, key: number | undefined, event: CheckedEvent) {
    const { prev, standing, others } = before
    const rest = (standing?.extremities ?? []).filter((pos) => !prev.includes(pos))
    const known = rest.flatMap((pos) => others.get(pos) ?? [])
    const state = await this.#nextState(before, key, event, known)
    return { state, extremities: [...rest, OWN], others: distinctPoints(known) }
  }

  async #nextState(
    before: Before,
    key: number | undefined,
    event: CheckedEvent,
    others: readonly Known[],
  ): Promise<State> {
    const { room, state, prev, standing } = before
    const after = key === undefined ? state : withChange(state, key, OWN)
    if (others.length === 0 || standing === undefined) return after
    // a message that takes an extremity's place leaves all states as they were
    const [parent] = prev
    const replaces = prev.length === 1 && parent !== undefined
    if (key === undefined && replaces && standing.extremities.includes(parent)) {
      return standing.at.state
    }
    let own: OwnEvent | undefined
    if (key !== undefined) {
      const { version } = await this.#deps.dictionary.roomByKey(room)
      own = { key, event: ownEvent(event, version) }
    }
    const states = [after, ...others.map((known) => known.state)]
    return await this.#deps.resolver.resolve(room, states, own)
  }

  async #resolve(room: RoomKey, parents: readonly Known[]): Promise<State> {
    const distinct = distinctPoints(parents)
    const [first, ...others] = distinct
    if (first === undefined) return new Map()
    if (others.length === 0) return first.state
    return await this.#deps.resolver.resolve(
      room,
      distinct.map((known) => known.state),
    )
  }

  async #read(room: RoomKey, prev: readonly number[]) {
    const { reader } = this.#deps.internals
    const found = await readPoints(reader, room, prev)
    const points = [
      ...found.points.values(),
      ...(found.room === undefined ? [] : [found.room.point]),
    ]
    const ends = await readLineEnds(reader, [...new Set(points.map((point) => point.line))])
    const know = async (point: Point): Promise<Known> => {
      const end = ends.get(point.line)
      if (end === undefined) throw new RangeError(`There is no state line ${point.line}.`)
      const state = await this.#stateAt(point)
      return { point, state, depth: end.depth, lineEnd: end.line_end }
    }
    const at = async (pos: number): Promise<Known> => {
      const point = found.points.get(pos)
      if (point === undefined) throw new UnknownParent(pos)
      return await know(point)
    }
    return {
      at,
      async standing(): Promise<Pick<Before, 'standing' | 'others'>> {
        if (found.room === undefined) return { standing: undefined, others: new Map() }
        const { stateVersion, extremities, point } = found.room
        const others = new Map<number, Known>()
        for (const pos of extremities) if (!prev.includes(pos)) others.set(pos, await at(pos))
        return { standing: { stateVersion, extremities, at: await know(point) }, others }
      },
    }
  }

  async #stateAt(point: Point): Promise<State> {
    const id = `${point.line} ${point.idx}`
    const cached = this.#states.get(id)
    if (cached !== undefined) return cached
    const state = await this.#deps.lines.stateAt(point)
    this.#states.set(id, state)
    return state
  }
}

async function keyOf(
  { names, reader }: RoomStateDeps['internals'],
  type: string,
  stateKey: string,
): Promise<number> {
  await names.make([{ type, stateKey }], reader)
  const key = names.stateKeyKey(type, stateKey)
  if (key === undefined) throw new TypeError('a name was not interned')
  return key
}

function distinctPoints(known: readonly Known[]): Known[] {
  const byPoint = new Map(known.map((one) => [`${one.point.line} ${one.point.idx}`, one]))
  return Array.from(byPoint.values())
}
