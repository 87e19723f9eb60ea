import { checkAuth } from '../../auth-rules/check-auth.ts'
import type { RoomEvent, StateKeyString, StateMap } from '../../events/pdu.ts'
import { stateKeyString } from '../../events/state-key.ts'
import type { EventId } from '../../ids.ts'
import { isJsonObject, own } from '../../json.ts'
import type { RoomVersion } from '../../room-versions/room-version.ts'

/**
 * State resolution word by word from the text, with plain sets and no thought of speed. Its only
 * purpose is to be compared with `resolveState`, so nothing but the auth rules is shared with it.
 * https://spec.matrix.org/v1.19/rooms/v12/#state-resolution
 */
export function resolveNaively(
  version: RoomVersion,
  states: readonly StateMap[],
  events: ReadonlyMap<EventId, RoomEvent>,
): StateMap {
  return new NaiveResolution(version, states, events).run()
}

class NaiveResolution {
  readonly #version: RoomVersion
  readonly #states: readonly StateMap[]
  readonly #events: ReadonlyMap<EventId, RoomEvent>

  constructor(
    version: RoomVersion,
    states: readonly StateMap[],
    events: ReadonlyMap<EventId, RoomEvent>,
  ) {
    this.#version = version
    this.#states = states
    this.#events = events
  }

  run(): StateMap {
    const unconflicted = this.#unconflictedStateMap()
    const full = this.#fullConflictedSet(unconflicted)
    // Step 1
    const power = new Set([...full].filter((id) => this.#isPowerEvent(id)))
    const x = new Set(power)
    for (const id of power) for (const up of this.#authChain(id)) if (full.has(up)) x.add(up)
    const list = this.#reverseTopologicalPowerOrdering(x)
    // Step 2
    const start = this.#version.stateResolution === 'v2' ? unconflicted : new Map()
    const partial = this.#iterativeAuthChecks(start, list)
    // Step 3
    const rest = [...full].filter((id) => !x.has(id))
    const sorted = this.#mainlineOrdering(
      partial.get(stateKeyString('m.room.power_levels', '')),
      rest,
    )
    // Step 4
    const resolved = this.#iterativeAuthChecks(partial, sorted)
    // Step 5
    return new Map([...resolved, ...unconflicted])
  }

  #unconflictedStateMap(): Map<StateKeyString, EventId> {
    const keys = new Set(this.#states.flatMap((state) => [...state.keys()]))
    const map = new Map<StateKeyString, EventId>()
    for (const key of keys) {
      const values = new Set(this.#states.map((state) => state.get(key)))
      const [value] = values
      if (values.size === 1 && value !== undefined) map.set(key, value)
    }
    return map
  }

  #fullConflictedSet(unconflicted: StateMap): Set<EventId> {
    const conflicted = new Set(
      this.#states.flatMap((state) =>
        [...state].filter(([key]) => !unconflicted.has(key)).map(([, id]) => id),
      ),
    )
    const full = new Set([...conflicted, ...this.#authDifference()])
    if (this.#version.stateResolution === 'v2.1') {
      for (const id of this.#conflictedStateSubgraph(conflicted)) full.add(id)
    }
    return full
  }

  #authDifference(): Set<EventId> {
    const chains = this.#states.map(
      (state) => new Set([...state.values()].flatMap((id) => [...this.#authChain(id)])),
    )
    const union = new Set(chains.flatMap((chain) => [...chain]))
    return new Set([...union].filter((id) => !chains.every((chain) => chain.has(id))))
  }

  #conflictedStateSubgraph(conflicted: ReadonlySet<EventId>): Set<EventId> {
    const subgraph = new Set<EventId>()
    for (const from of conflicted) {
      const below = this.#authChain(from)
      for (const to of conflicted) {
        if (!below.has(to)) continue
        subgraph.add(from).add(to)
        for (const between of below) if (this.#authChain(between).has(to)) subgraph.add(between)
      }
    }
    return subgraph
  }

  readonly #chains = new Map<EventId, Set<EventId>>()

  #authChain(id: EventId): Set<EventId> {
    const known = this.#chains.get(id)
    if (known !== undefined) return known
    let chain = new Set(this.#event(id).authEvents)
    for (let size = -1; size !== chain.size;) {
      size = chain.size
      chain = new Set([...chain, ...[...chain].flatMap((up) => [...this.#event(up).authEvents])])
    }
    this.#chains.set(id, chain)
    return chain
  }

  #isPowerEvent(id: EventId): boolean {
    const { type, stateKey, sender, content } = this.#event(id)
    if (stateKey === undefined) return false
    if (type === 'm.room.member') {
      const { membership } = content
      return (membership === 'leave' || membership === 'ban') && sender !== stateKey
    }
    return ['m.room.power_levels', 'm.room.join_rules'].includes(type)
  }

  #reverseTopologicalPowerOrdering(set: ReadonlySet<EventId>): EventId[] {
    const left = new Set(set)
    const order: EventId[] = []
    while (left.size > 0) {
      const free = [...left].filter(
        (id) =>
          !this.#authChain(id)
            .values()
            .some((up) => left.has(up)),
      )
      const smallest = free.reduce((a, b) => (this.#powerBefore(a, b) ? a : b))
      left.delete(smallest)
      order.push(smallest)
    }
    return order
  }

  #powerBefore(x: EventId, y: EventId): boolean {
    const [xLevel, yLevel] = [this.#senderLevel(x), this.#senderLevel(y)]
    return xLevel === yLevel ? this.#olderOf(x, y) : xLevel > yLevel
  }

  #olderOf(x: EventId, y: EventId): boolean {
    const [xTs, yTs] = [this.#event(x).originServerTs, this.#event(y).originServerTs]
    return xTs === yTs ? x < y : xTs < yTs
  }

  #senderLevel(id: EventId): number {
    const event = this.#event(id)
    const create = this.#createOf(event)
    if (this.#version.privilegedCreators && create !== undefined) {
      const more = own(create.content, 'additional_creators')
      const creators = [create.sender, ...(Array.isArray(more) ? more : [])]
      if (creators.includes(event.sender)) return Infinity
    }
    const levels = this.#powerLevelsIn(event)
    if (levels === undefined) {
      const creator = this.#version.implicitCreator ? create?.sender : create?.content['creator']
      return creator === event.sender ? 100 : 0
    }
    const users = own(levels.content, 'users')
    const level = isJsonObject(users) ? own(users, event.sender) : undefined
    return Math.trunc(Number(level ?? own(levels.content, 'users_default') ?? 0))
  }

  #powerLevelsIn(event: RoomEvent): RoomEvent | undefined {
    return this.#authEvent(event, 'm.room.power_levels', '')
  }

  #createOf(event: RoomEvent): RoomEvent | undefined {
    if (!this.#version.roomIdIsCreateHash) return this.#authEvent(event, 'm.room.create', '')
    return this.#events
      .values()
      .find((other) => other.type === 'm.room.create' && other.roomId === event.roomId)
  }

  #authEvent(event: RoomEvent, type: string, stateKey: string): RoomEvent | undefined {
    return event.authEvents
      .map((id) => this.#event(id))
      .find((up) => up.type === type && up.stateKey === stateKey)
  }

  #mainlineOrdering(powerLevels: EventId | undefined, ids: readonly EventId[]): EventId[] {
    const mainline =
      powerLevels === undefined ? [] : [powerLevels, ...this.#powerLevelsBelow(powerLevels)]
    const position = (id: EventId) => {
      const found = this.#powerLevelsBelow(id).find((levels) => mainline.includes(levels))
      return found === undefined ? Infinity : mainline.indexOf(found)
    }
    return ids.toSorted((x, y) => {
      const [xPosition, yPosition] = [position(x), position(y)]
      const first = xPosition === yPosition ? this.#olderOf(x, y) : xPosition > yPosition
      return first ? -1 : 1
    })
  }

  /** `[e1, …, em]` of the text: the power levels below an event, without the event. */
  #powerLevelsBelow(id: EventId): EventId[] {
    const list: EventId[] = []
    let next = this.#powerLevelsIn(this.#event(id))
    while (next !== undefined) {
      list.push(next.eventId)
      next = this.#powerLevelsIn(next)
    }
    return list
  }

  #iterativeAuthChecks(start: StateMap, list: readonly EventId[]): Map<StateKeyString, EventId> {
    const state = new Map(start)
    for (const id of list) {
      const event = this.#event(id)
      const lookup = (type: string, key: string) => {
        const inState = state.get(stateKeyString(type, key))
        if (inState !== undefined) return this.#event(inState)
        const other =
          type === 'm.room.create' ? this.#createOf(event) : this.#authEvent(event, type, key)
        return other?.rejected === false ? other : undefined
      }
      const verdict = checkAuth(event, lookup, this.#version, { signedBy: () => true })
      if (verdict.allowed && event.stateKey !== undefined) {
        state.set(stateKeyString(event.type, event.stateKey), id)
      }
    }
    return state
  }

  #event(id: EventId): RoomEvent {
    const event = this.#events.get(id)
    if (event === undefined) throw new Error(`The scenario has no event ${id}.`)
    return event
  }
}
