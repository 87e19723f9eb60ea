import { judgeReceived } from '../../auth-rules/judge-received.ts'
import type { ReceiptVerdict } from '../../auth-rules/judge-received.ts'
import type { RoomEvent, StateMap } from '../../events/pdu.ts'
import { stateKeyString } from '../../events/state-key.ts'
import type { EventId } from '../../ids.ts'
import type { RoomVersion } from '../../room-versions/room-version.ts'
import { resolveState } from '../resolve-state.ts'

/** A room as one server builds it up from the events it receives, each judged on receipt. */
export class ReceivingRoom {
  readonly outcomes = new Map<EventId, ReceiptVerdict['outcome']>()
  readonly #version: RoomVersion
  readonly #events = new Map<EventId, RoomEvent>()
  readonly #after = new Map<EventId, StateMap>()
  #create: RoomEvent | undefined

  constructor(version: RoomVersion) {
    this.#version = version
  }

  /** @param outlier whether the events before it are not known, and so no state before it */
  receive(event: RoomEvent, outlier: boolean): void {
    this.#create ??= event
    const before = outlier ? undefined : this.#resolve(event.prevEvents)
    const { outcome } = judgeReceived({
      event,
      version: this.#version,
      authEvents: event.authEvents
        .map((id) => this.#events.get(id))
        .filter((found) => found !== undefined),
      create: this.#create,
      before: before && this.#lookup(before),
      current: this.#lookup(this.currentState()),
      options: { signedBy: () => true },
    })
    this.outcomes.set(event.eventId, outcome)
    this.#events.set(event.eventId, { ...event, rejected: outcome === 'rejected' })
    if (before !== undefined) this.#after.set(event.eventId, this.#apply(event, before, outcome))
  }

  /** The accepted events that no accepted event follows, directly or through others. */
  extremities(): EventId[] {
    const accepted = [...this.#after.keys()].filter((id) => this.outcomes.get(id) === 'accepted')
    const followed = new Set<EventId>()
    for (const id of accepted) this.#addEarlier(id, followed)
    return accepted.filter((id) => !followed.has(id))
  }

  stateAfter(id: EventId): StateMap {
    const state = this.#after.get(id)
    if (state === undefined) throw new Error(`There is no state after ${id}.`)
    return state
  }

  currentState(): StateMap {
    return this.#resolve(this.extremities())
  }

  #apply(event: RoomEvent, before: StateMap, outcome: ReceiptVerdict['outcome']): StateMap {
    if (event.stateKey === undefined || outcome === 'rejected') return before
    return new Map(before).set(stateKeyString(event.type, event.stateKey), event.eventId)
  }

  #resolve(parents: readonly EventId[]): StateMap {
    const states = parents.map((id) => this.stateAfter(id))
    return resolveState(this.#version, states, { event: (id) => this.#events.get(id) })
  }

  #lookup(state: StateMap) {
    return (type: string, stateKey: string): RoomEvent | undefined => {
      const id = state.get(stateKeyString(type, stateKey))
      return id === undefined ? undefined : this.#events.get(id)
    }
  }

  #addEarlier(id: EventId, to: Set<EventId>): void {
    for (const parent of this.#events.get(id)?.prevEvents ?? []) {
      if (to.has(parent)) continue
      to.add(parent)
      this.#addEarlier(parent, to)
    }
  }
}
