import { authTypes } from '../../auth-rules/auth-types.ts'
import { checkAuth } from '../../auth-rules/check-auth.ts'
import { createEventIdOf } from '../../auth-rules/create-event-id.ts'
import type { RoomEvent, StateMap } from '../../events/pdu.ts'
import { stateKeyString } from '../../events/state-key.ts'
import { parseRoomId, parseUserId } from '../../ids.ts'
import type { EventId } from '../../ids.ts'
import type { JsonObject } from '../../json.ts'
import { ROOM_VERSIONS } from '../../room-versions/room-version.ts'
import type { RoomVersion } from '../../room-versions/room-version.ts'
import { draftOf, user } from './random-room.ts'
import type { Action, RoomPlan } from './random-room.ts'

/** How the state before an event is found where branches meet. */
export type Resolver = (
  version: RoomVersion,
  states: readonly StateMap[],
  events: ReadonlyMap<EventId, RoomEvent>,
) => StateMap

interface Draft {
  readonly type: string
  readonly stateKey: string
  readonly content: JsonObject
}

const HASH = 'A'.repeat(43)

/** A room that a plan was played in: every event, and the state after each. */
export class PlayedRoom {
  readonly version: RoomVersion
  readonly events = new Map<EventId, RoomEvent>()
  readonly #resolve: Resolver
  readonly #roomId
  readonly #history: Array<{ id: EventId; after: StateMap }> = []

  constructor(plan: RoomPlan, resolve: Resolver) {
    const version = ROOM_VERSIONS.get(plan.versionId)
    if (version === undefined) throw new RangeError(`No room version ${plan.versionId}`)
    this.version = version
    this.#resolve = resolve
    this.#roomId = parseRoomId(version.roomIdIsCreateHash ? `!${HASH}` : '!room:a.org')
    this.#begin(plan.additionalCreator)
    for (const action of plan.actions) this.#play(action)
  }

  /** The states after some of the latest events. */
  statesAfter(ends: readonly number[]): StateMap[] {
    return ends.map((back) => this.#at(back).after)
  }

  #begin(additionalCreator: boolean): void {
    const creator = user(0)
    const privileged = this.version.privilegedCreators
    this.#append(createEventIdOf(parseRoomId(`!${HASH}`)), creator, 1, [], {
      type: 'm.room.create',
      stateKey: '',
      content: {
        creator,
        room_version: this.version.id,
        ...(additionalCreator && privileged && { additional_creators: [user(1)] }),
      },
    })
    const member = { type: 'm.room.member', content: { membership: 'join' } }
    this.#append(this.#id(0), creator, 1, [0], { ...member, stateKey: creator })
    this.#append(this.#id(0), creator, 2, [0], {
      type: 'm.room.power_levels',
      stateKey: '',
      content: { users: privileged ? { [user(2)]: 75 } : { [creator]: 100, [user(1)]: 75 } },
    })
    const content = { join_rule: 'public' }
    this.#append(this.#id(0), creator, 2, [0], { type: 'm.room.join_rules', stateKey: '', content })
    this.#append(this.#id(0), user(1), 3, [0], { ...member, stateKey: user(1) })
    this.#append(this.#id(0), user(2), 3, [0], { ...member, stateKey: user(2) })
  }

  #play(action: Action): void {
    const state = this.#stateBefore(action.parents)
    const levels = state.get(stateKeyString('m.room.power_levels', ''))
    const current = levels === undefined ? undefined : this.events.get(levels)
    const draft = draftOf(action, current?.content ?? {})
    const id = this.#id(action.idPrefix)
    this.#append(id, user(action.actor), action.ts, action.parents, draft, action.keepRejected)
  }

  #append(
    eventId: EventId,
    sender: string,
    ts: number,
    parents: readonly number[],
    draft: Draft,
    keepRejected = false,
  ): void {
    const before = this.#stateBefore(parents)
    const named = { ...draft, sender: parseUserId(sender) }
    const authEvents = authTypes(named, this.version)
      .map(([type, key]) => before.get(stateKeyString(type, key)))
      .filter((id) => id !== undefined)
    const event = {
      ...named,
      eventId,
      roomId: this.#roomId,
      originServerTs: ts,
      depth: this.events.size,
      prevEvents: [...new Set(parents.map((back) => this.#at(back).id))],
      authEvents,
      redacts: undefined,
    }
    const lookup = (type: string, key: string) => {
      const id = before.get(stateKeyString(type, key))
      return id === undefined ? undefined : this.events.get(id)
    }
    const { allowed } = checkAuth(event, lookup, this.version)
    if (!allowed && !keepRejected) return
    this.events.set(eventId, { ...event, rejected: !allowed })
    const after = new Map(before)
    if (allowed) after.set(stateKeyString(draft.type, draft.stateKey), eventId)
    this.#history.push({ id: eventId, after })
  }

  #stateBefore(parents: readonly number[]): StateMap {
    if (this.#history.length === 0) return new Map()
    const states = parents.map((back) => this.#at(back).after)
    return this.#resolve(this.version, states, this.events)
  }

  /** The event so many steps back; the first one for more steps than there are. */
  #at(back: number): { id: EventId; after: StateMap } {
    const found = this.#history.at(-1 - back) ?? this.#history[0]
    if (found === undefined) throw new RangeError('The room is empty.')
    return found
  }

  #id(prefix: number): EventId {
    return createEventIdOf(parseRoomId(`!${`${prefix}_${this.events.size}`.padEnd(43, 'x')}`))
  }
}
