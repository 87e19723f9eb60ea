import fc from 'fast-check'
import type { RoomEvent, StateMap } from '#matrix/events/pdu.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import { parseEventId, parseUserId, type EventId } from '#matrix/ids.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import { resolveState } from '#matrix/state-resolution/resolve-state.ts'
import { PlayedRoom } from '#matrix/state-resolution/test-support/play-room.ts'
import { roomPlan, type RoomPlan } from '#matrix/state-resolution/test-support/random-room.ts'

/** One event of a random room, with the states a plain map says are around it. */
export interface Step {
  readonly event: RoomEvent
  readonly softFailed: boolean
  readonly before: StateMap
  readonly after: StateMap
  /** Of the room, once this event is in: */
  readonly current: StateMap
  readonly extremities: readonly EventId[]
}

export interface RandomDag {
  readonly version: RoomVersion
  readonly steps: readonly Step[]
}

/** What a random room is made of. */
export interface DagPlan {
  readonly plan: RoomPlan
  /** After the n-th event, a message on events so many steps back, or on all extremities. */
  readonly messages: readonly (readonly number[])[]
  /** Which events fail softly. */
  readonly softFails: readonly number[]
}

/** Rooms whose branches fork and join, with messages, rejected and soft-failed events among them. */
export function dagPlan(versionId: string): fc.Arbitrary<DagPlan> {
  return fc.record({
    plan: roomPlan([versionId]),
    messages: fc.array(fc.array(fc.nat(4), { maxLength: 2 }), { maxLength: 12 }),
    softFails: fc.array(fc.nat(45), { maxLength: 3 }),
  })
}

/** Plays a plan, with the states that plain maps and the pure algorithm give. */
export function playDag({ plan, messages, softFails }: DagPlan): RandomDag {
  const resolve = (version: RoomVersion, states: readonly StateMap[], events: Events) =>
    resolveState(version, states, { event: (id) => events.get(id) })
  return new Dag(new PlayedRoom(plan, resolve), messages, new Set(softFails)).walk()
}

type Events = ReadonlyMap<EventId, RoomEvent>

/** Events of the beginning, which a room can't do without. */
const BEGINNING = 6

class Dag {
  readonly #room: PlayedRoom
  readonly #messages: readonly (readonly number[])[]
  readonly #softFails: ReadonlySet<number>
  readonly #after = new Map<EventId, StateMap>()
  readonly #steps: Step[] = []
  #extremities: EventId[] = []

  constructor(
    room: PlayedRoom,
    messages: readonly (readonly number[])[],
    softFails: ReadonlySet<number>,
  ) {
    this.#room = room
    this.#messages = messages
    this.#softFails = softFails
  }

  walk(): RandomDag {
    for (const [index, event] of [...this.#room.events.values()].entries()) {
      this.#add(event, index >= BEGINNING && this.#softFails.has(index))
      const parents = index < BEGINNING ? undefined : this.#messages[index - BEGINNING]
      if (parents !== undefined) this.#add(this.#message(index, parents), false)
    }
    return { version: this.#room.version, steps: this.#steps }
  }

  #add(event: RoomEvent, softFailed: boolean): void {
    const before = this.#resolve(event.prevEvents)
    const after = new Map(before)
    if (event.stateKey !== undefined && !event.rejected) {
      after.set(stateKeyString(event.type, event.stateKey), event.eventId)
    }
    this.#after.set(event.eventId, after)
    if (!event.rejected && !softFailed) {
      const rest = this.#extremities.filter((id) => !event.prevEvents.includes(id))
      this.#extremities = [...rest, event.eventId]
    }
    const extremities = this.#extremities
    const current = this.#resolve(extremities)
    this.#steps.push({ event, softFailed, before, after, current, extremities })
  }

  #resolve(ids: readonly EventId[]): StateMap {
    const states = ids.map((id) => this.#after.get(id) ?? new Map())
    const event = (id: EventId) => this.#room.events.get(id)
    return resolveState(this.#room.version, states, { event })
  }

  #message(index: number, back: readonly number[]): RoomEvent {
    const latest = this.#steps.map((step) => step.event.eventId)
    const parents = back.length === 0 ? this.#extremities : back.map((n) => latest.at(-1 - n))
    const [create] = this.#room.events.values()
    if (create === undefined) throw new RangeError('The room is empty.')
    return {
      eventId: parseEventId(`$message${index}`.padEnd(44, 'm')),
      roomId: create.roomId,
      type: 'm.room.message',
      stateKey: undefined,
      sender: parseUserId('@ann:a.org'),
      content: { body: `${index}` },
      originServerTs: 1,
      depth: index,
      prevEvents: [...new Set(parents.filter((id) => id !== undefined))],
      authEvents: [],
      redacts: undefined,
      rejected: false,
    }
  }
}
