import type { RoomEvent } from '../events/pdu.ts'
import { isJsonObject, own } from '../json.ts'
import type { JsonObject } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import type { StateLookup } from './auth-rules.ts'
import { creatorOf, privilegedCreators } from './creators.ts'
import { NAMED_LEVELS, parseLevel } from './level.ts'
import type { NamedLevel } from './level.ts'

const NOTIFICATION_DEFAULT = 50
/** The creator's level in a room without power levels, up to room version 11. */
const CREATOR_WITHOUT_EVENT = 100

/**
 * The room's power levels: those of the `m.room.power_levels` event, or what holds without one.
 * Values that are no level count as absent; the rules let none into a room.
 * https://spec.matrix.org/v1.19/client-server-api/#mroompower_levels
 */
export class PowerLevels {
  readonly #content: JsonObject | undefined
  readonly #version: RoomVersion
  readonly #infinite: ReadonlySet<string>
  readonly #creator: string | undefined

  /** @param create the room's create event; without it nobody is a creator. */
  constructor(event: RoomEvent | undefined, create: RoomEvent | undefined, version: RoomVersion) {
    this.#content = event?.content
    this.#version = version
    this.#infinite = privilegedCreators(create, version)
    this.#creator = create && creatorOf(create, version)
  }

  /** The levels that hold in a state. */
  static in(state: StateLookup, version: RoomVersion): PowerLevels {
    return new PowerLevels(state('m.room.power_levels', ''), state('m.room.create', ''), version)
  }

  /** The user's level; `Infinity` for a creator from room version 12. */
  levelOf(userId: string): number {
    if (this.#infinite.has(userId)) return Infinity
    if (this.#content === undefined) {
      return userId === this.#creator ? CREATOR_WITHOUT_EVENT : NAMED_LEVELS.users_default
    }
    return this.#entry('users', userId) ?? this.#named('users_default')
  }

  /** The level that sending an event of this type requires. Membership events have their own rules. */
  levelToSend(type: string, isState: boolean): number {
    return this.#entry('events', type) ?? this.#named(isState ? 'state_default' : 'events_default')
  }

  levelFor(action: 'ban' | 'kick' | 'invite' | 'redact'): number {
    return this.#named(action)
  }

  /** The level that a notification of this kind requires, such as `room` for `@room`. */
  notificationLevel(key: string): number {
    return this.#entry('notifications', key) ?? NOTIFICATION_DEFAULT
  }

  #named(name: NamedLevel): number {
    const value = this.#content && own(this.#content, name)
    return parseLevel(value, this.#version) ?? NAMED_LEVELS[name]
  }

  #entry(property: 'users' | 'events' | 'notifications', key: string): number | undefined {
    const map = this.#content && own(this.#content, property)
    return isJsonObject(map) ? parseLevel(own(map, key), this.#version) : undefined
  }
}
