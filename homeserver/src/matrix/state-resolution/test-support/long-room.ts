import { createEventIdOf } from '../../auth-rules/create-event-id.ts'
import type { RoomEvent, StateKeyString, StateMap } from '../../events/pdu.ts'
import { stateKeyString } from '../../events/state-key.ts'
import { parseRoomId, parseUserId } from '../../ids.ts'
import type { EventId } from '../../ids.ts'
import type { JsonObject } from '../../json.ts'

const ROOM = parseRoomId('!room:a.org')
const ADMIN = '@admin:a.org'

/** A room of version 11, built by appending state events that cite the state before them. */
export class LongRoom {
  readonly events = new Map<EventId, RoomEvent>()
  readonly admin = ADMIN
  readonly #state = new Map<StateKeyString, EventId>()
  #last: EventId | undefined

  constructor() {
    this.append('m.room.create', '', ADMIN, {})
    this.append('m.room.member', ADMIN, ADMIN, { membership: 'join' })
    this.append('m.room.power_levels', '', ADMIN, { users: { [ADMIN]: 100 } })
    this.append('m.room.join_rules', '', ADMIN, { join_rule: 'public' })
  }

  /** Users who join, one state key each. */
  join(count: number): void {
    for (let user = 0; user < count; user++) {
      const name = `@user${user}:b.org`
      this.append('m.room.member', name, name, { membership: 'join' })
    }
  }

  /** Levels that change again and again: an auth chain as long. */
  changeLevels(count: number): void {
    for (let change = 0; change < count; change++) {
      const content = { users: { [ADMIN]: 100, '@other:b.org': change % 50 } }
      this.append('m.room.power_levels', '', ADMIN, content)
    }
  }

  append(type: string, stateKey: string, sender: string, content: JsonObject): EventId {
    const eventId = createEventIdOf(parseRoomId(`!${`${this.events.size}`.padStart(43, '0')}`))
    const keys: Array<[string, string]> = [
      ['m.room.create', ''],
      ['m.room.power_levels', ''],
      ['m.room.member', sender],
    ]
    if (content['membership'] === 'join') keys.push(['m.room.join_rules', ''])
    this.events.set(eventId, {
      eventId,
      roomId: ROOM,
      type,
      stateKey,
      sender: parseUserId(sender),
      content,
      originServerTs: this.events.size,
      depth: this.events.size,
      prevEvents: this.#last === undefined ? [] : [this.#last],
      authEvents: keys.flatMap(([name, key]) => this.#state.get(stateKeyString(name, key)) ?? []),
      redacts: undefined,
      rejected: false,
    })
    this.#state.set(stateKeyString(type, stateKey), eventId)
    this.#last = eventId
    return eventId
  }

  /** The state now. */
  state(): StateMap {
    return new Map(this.#state)
  }

  /** Continues from an earlier state, as another branch. */
  forkFrom(state: StateMap): void {
    this.#state.clear()
    for (const [key, id] of state) this.#state.set(key, id)
  }
}
