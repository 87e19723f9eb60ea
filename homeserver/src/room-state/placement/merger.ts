import { LRUCache } from 'lru-cache'
import { OWN } from '#log/append/placed/placed-item.ts'
import type { RoomEvent, StateMap } from '#matrix/events/pdu.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import type { EventId } from '#matrix/ids.ts'
import { MissingEventError } from '#matrix/state-resolution/event-source.ts'
import { authChainGaps } from '#matrix/state-resolution/auth-chain.ts'
import { resolveState } from '#matrix/state-resolution/resolve-state.ts'
import type { Dictionary, LogReads, RoomKey, RoomStateDeps, StoredEvent } from '../deps.ts'
import { stateEvent } from '../state-events.ts'
import { differences, type State } from './state.ts'

/** Resolves states of a room into one. */
export interface Resolver {
  /** @param own the event being placed, when it is in one of the states: it is not stored yet */
  resolve(room: RoomKey, states: readonly State[], own?: OwnEvent): Promise<State>
}

/** A state event that is not stored yet; in states it stands at position 0 (`OWN`). */
export interface OwnEvent {
  readonly key: number
  readonly event: RoomEvent
}

interface Known {
  readonly pos: number
  readonly key: number
  readonly event: RoomEvent
}

const MOST_BYTES = 32_000_000
const EVENT_BYTES = 1_500

/**
 * State resolution over stored events: translates states of interned keys and positions into the
 * pure algorithm's terms and back. Keeps the events it had to parse, bounded by bytes.
 */
export class Merger implements Resolver {
  readonly #deps: {
    reads: LogReads
    dictionary: Dictionary
    names: RoomStateDeps['internals']['names']
  }
  readonly #byId = new LRUCache<EventId, Known>({
    maxSize: MOST_BYTES,
    sizeCalculation: () => EVENT_BYTES,
  })
  readonly #ids = new LRUCache<number, EventId>({ maxSize: MOST_BYTES, sizeCalculation: () => 100 })

  constructor(deps: {
    reads: LogReads
    dictionary: Dictionary
    names: RoomStateDeps['internals']['names']
  }) {
    this.#deps = deps
  }

  /**
   * @throws {MissingEventError} when the server lacks part of an auth chain
   */
  async resolve(room: RoomKey, states: readonly State[], own?: OwnEvent): Promise<State> {
    const distinct = distinctStates(states)
    const [first, ...others] = distinct
    if (first === undefined) return new Map()
    if (others.length === 0) return first
    return await new Resolution(this, room, distinct, own).run()
  }

  /** Loads events of a room; what memory has is not read again. */
  async load(room: RoomKey, wanted: { pos?: Iterable<number>; ids?: Iterable<EventId> }) {
    const { reads } = this.#deps
    const found: Known[] = []
    const positions: number[] = []
    for (const pos of wanted.pos ?? []) {
      const known = this.#byId.get(this.#ids.get(pos) ?? NO_ID)
      if (known === undefined) positions.push(pos)
      else found.push(known)
    }
    const ids: EventId[] = []
    for (const id of wanted.ids ?? []) {
      const known = this.#byId.get(id)
      if (known === undefined) ids.push(id)
      else found.push(known)
    }
    const stored: StoredEvent[] = []
    if (positions.length > 0) stored.push(...(await reads.eventsByPos(positions)).values())
    if (ids.length > 0) stored.push(...(await reads.eventsById(ids)).values())
    if (stored.length > 0) found.push(...(await this.#wrap(room, stored)))
    return found
  }

  clear(): void {
    this.#byId.clear()
    this.#ids.clear()
  }

  get dictionary(): Dictionary {
    return this.#deps.dictionary
  }

  async #wrap(room: RoomKey, stored: readonly StoredEvent[]): Promise<Known[]> {
    const { dictionary, names } = this.#deps
    const { version } = await dictionary.roomByKey(room)
    const state = stored.filter((event) => event.room === room && event.stateKey !== undefined)
    await names.find(state)
    return state.map((event) => {
      const key = names.stateKeyKey(event.type, event.stateKey ?? '')
      if (key === undefined) throw new TypeError(`Event ${event.pos} has an unknown state key.`)
      const known = { pos: event.pos, key, event: stateEvent(event, version).roomEvent() }
      this.#byId.set(event.eventId, known)
      this.#ids.set(event.pos, event.eventId)
      return known
    })
  }
}

/** Stands where there is no id; no event has it. */
const NO_ID = '$' as EventId

/** One resolution, with all events it has loaded. */
class Resolution {
  readonly #merger: Merger
  readonly #room: RoomKey
  readonly #states: readonly State[]
  readonly #byId = new Map<EventId, Known>()
  readonly #byPos = new Map<number, Known>()

  constructor(merger: Merger, room: RoomKey, states: readonly State[], own?: OwnEvent) {
    this.#merger = merger
    this.#room = room
    this.#states = states
    if (own !== undefined) this.#add([{ pos: OWN, ...own }])
  }

  async run(): Promise<State> {
    const { version } = await this.#merger.dictionary.roomByKey(this.#room)
    const positions = new Set(this.#states.flatMap((state) => [...state.values()]))
    const stored = Array.from(positions).filter((pos) => !this.#byPos.has(pos))
    this.#add(await this.#merger.load(this.#room, { pos: stored }))
    const event = (id: EventId) => this.#byId.get(id)?.event
    // which part of the chains is looked at depends on the conflicts: all is loaded beforehand
    const roots = Array.from(positions, (pos) => this.#known(pos).event.eventId)
    for (const ids of authChainGaps(roots, event)) {
      this.#add(await this.#merger.load(this.#room, { ids }))
    }
    const resolved = resolveState(
      version,
      this.#states.map((state) => this.#stateMap(state)),
      { event },
    )
    const result = new Map<number, number>()
    for (const id of resolved.values()) {
      const known = this.#byId.get(id)
      if (known === undefined) throw new MissingEventError(id)
      result.set(known.key, known.pos)
    }
    return result
  }

  #add(events: readonly Known[]): void {
    for (const known of events) {
      this.#byId.set(known.event.eventId, known)
      this.#byPos.set(known.pos, known)
    }
  }

  #known(pos: number): Known {
    const known = this.#byPos.get(pos)
    if (known === undefined) throw new RangeError(`There is no state event ${pos} in the room.`)
    return known
  }

  #stateMap(state: State): StateMap {
    return new Map(
      Array.from(state.values(), (pos) => {
        const { event } = this.#known(pos)
        return [stateKeyString(event.type, event.stateKey ?? ''), event.eventId]
      }),
    )
  }
}

function distinctStates(states: readonly State[]): State[] {
  const distinct: State[] = []
  for (const state of states) {
    if (!distinct.some((other) => differences(other, state).length === 0)) distinct.push(state)
  }
  return distinct
}
