import { isUserId } from '../ids.ts'
import { own } from '../json.ts'
import type { JsonObject } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { parseLevel, parseLevels } from './level.ts'
import type { NamedLevel } from './level.ts'

/** The levels that an `m.room.power_levels` event sets, none filled in. */
export interface PowerLevelsContent {
  readonly named: ReadonlyMap<NamedLevel, number>
  readonly events: ReadonlyMap<string, number>
  /** Empty up to room version 5, whose rules do not look at it. */
  readonly notifications: ReadonlyMap<string, number>
  readonly users: ReadonlyMap<string, number>
}

export const LEVEL_NAMES: readonly NamedLevel[] = [
  'users_default',
  'events_default',
  'state_default',
  'ban',
  'redact',
  'kick',
  'invite',
]

/**
 * Reads the content of an `m.room.power_levels` event, or says what is wrong with it. From room
 * version 10 the rules name every property checked here. Before that they name only `users`, and say
 * of the others what a level may look like; a value that is none is refused as well, since no two
 * servers would read it alike.
 * https://spec.matrix.org/v1.19/rooms/v10/#authorisation-rules
 */
export function parseContent(
  content: JsonObject,
  version: RoomVersion,
): PowerLevelsContent | string {
  const named = parseNamed(content, version)
  if (typeof named === 'string') return named
  const events = parseLevels(own(content, 'events'), version)
  if (events === undefined) return 'events is not a map of levels.'
  const notifications = version.notificationLevels
    ? parseLevels(own(content, 'notifications'), version)
    : new Map<string, number>()
  if (notifications === undefined) return 'notifications is not a map of levels.'
  const users = parseLevels(own(content, 'users'), version)
  if (users === undefined) return 'users is not a map of levels.'
  if (!users.keys().every(isUserId)) return 'users has a key that is not a user ID.'
  return { named, events, notifications, users }
}

function parseNamed(content: JsonObject, version: RoomVersion): Map<NamedLevel, number> | string {
  const named = new Map<NamedLevel, number>()
  for (const name of LEVEL_NAMES) {
    const value = own(content, name)
    if (value === undefined) continue
    const level = parseLevel(value, version)
    if (level === undefined) return `${name} is not a level.`
    named.set(name, level)
  }
  return named
}
