import { isJsonObject, own } from '../json.ts'
import type { JsonValue } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'

/** The levels of `m.room.power_levels` that stand directly in `content`, with their defaults. */
export const NAMED_LEVELS = {
  users_default: 0,
  events_default: 0,
  state_default: 50,
  ban: 50,
  redact: 50,
  kick: 50,
  invite: 0,
} as const

export type NamedLevel = keyof typeof NAMED_LEVELS

const INTEGER_TEXT = /^\s*[+-]?\d+\s*$/

/**
 * Reads one power level, or undefined when the room version does not accept the value as one: from
 * version 10 only integers, before that also integers in strings, up to version 5 also floats, which
 * are truncated.
 * https://spec.matrix.org/v1.19/rooms/v5/#mroompower_levels-events-accept-values-as-floats
 */
export function parseLevel(value: JsonValue | undefined, version: RoomVersion): number | undefined {
  if (typeof value === 'number') return parseNumber(value, version)
  if (typeof value !== 'string' || version.integerPowerLevels) return undefined
  return INTEGER_TEXT.test(value) ? finite(Number(value)) : undefined
}

function parseNumber(value: number, version: RoomVersion): number | undefined {
  if (!version.strictCanonicalJson) return finite(Math.trunc(value))
  return Number.isSafeInteger(value) ? value : undefined
}

function finite(value: number): number | undefined {
  // `+ 0` turns -0 into 0.
  return Number.isFinite(value) ? value + 0 : undefined
}

/**
 * Reads a map of levels such as `users` or `events`; absent counts as empty. Undefined when it is no
 * object or holds a value that is no level.
 */
export function parseLevels(
  value: JsonValue | undefined,
  version: RoomVersion,
): ReadonlyMap<string, number> | undefined {
  if (value === undefined) return new Map()
  if (!isJsonObject(value)) return undefined
  const levels = new Map<string, number>()
  for (const key of Object.keys(value)) {
    const level = parseLevel(own(value, key), version)
    if (level === undefined) return undefined
    levels.set(key, level)
  }
  return levels
}
