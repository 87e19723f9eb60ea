import type { RoomEvent } from '../events/pdu.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import type { AuthInput, Verdict } from './auth-rules.ts'
import { privilegedCreators } from './creators.ts'
import { NAMED_LEVELS } from './level.ts'
import type { NamedLevel } from './level.ts'
import { LEVEL_NAMES, parseContent } from './power-levels-content.ts'
import type { PowerLevelsContent } from './power-levels-content.ts'
import { allow, reject, rejectForm } from './verdict.ts'

export interface PowerLevelsCheck {
  readonly event: AuthInput
  readonly create: RoomEvent
  /** The `m.room.power_levels` event that holds so far. */
  readonly current: RoomEvent | undefined
  readonly senderLevel: number
  readonly version: RoomVersion
}

type Change = readonly [before: number | undefined, after: number | undefined]

/**
 * The rule for `m.room.power_levels`: well-formed, and neither the old nor the new value of a change
 * above the sender's own level.
 * https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules
 */
export function checkPowerLevels(check: PowerLevelsCheck): Verdict {
  const { event, create, current, senderLevel, version } = check
  const after = parseContent(event.content, version)
  if (typeof after === 'string') return reject(after)
  for (const creator of privilegedCreators(create, version)) {
    if (after.users.has(creator)) {
      return rejectForm('A creator of the room cannot be given a level.')
    }
  }
  if (current === undefined) return allow
  const parsed = parseContent(current.content, version)
  if (typeof parsed === 'string') return reject(`The current power levels are malformed: ${parsed}`)
  return (
    checkNamed(parsed, after, senderLevel) ??
    checkEntries(parsed.events, after.events, senderLevel) ??
    (version.notificationLevels
      ? checkEntries(parsed.notifications, after.notifications, senderLevel)
      : undefined) ??
    checkUsers(parsed.users, after.users, event.sender, senderLevel) ??
    allow
  )
}

/**
 * `ban`, `state_default` and the like. An absent value stands for its default, so removing and adding
 * one is judged by what holds before and after.
 */
function checkNamed(
  before: PowerLevelsContent,
  after: PowerLevelsContent,
  senderLevel: number,
): Verdict | undefined {
  const level = (content: PowerLevelsContent, name: NamedLevel) =>
    content.named.get(name) ?? NAMED_LEVELS[name]
  const tooHigh = LEVEL_NAMES.some(
    (name) =>
      before.named.get(name) !== after.named.get(name) &&
      Math.max(level(before, name), level(after, name)) > senderLevel,
  )
  return tooHigh ? reject('A level above the own cannot be changed or set.') : undefined
}

/** `events` and `notifications`. */
function checkEntries(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  senderLevel: number,
): Verdict | undefined {
  for (const [, [old = -Infinity, changed = -Infinity]] of changesBetween(before, after)) {
    if (Math.max(old, changed) > senderLevel) {
      return reject('A level above the own cannot be changed or set.')
    }
  }
  return undefined
}

function checkUsers(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
  sender: string,
  senderLevel: number,
): Verdict | undefined {
  for (const [userId, [old = -Infinity, changed = -Infinity]] of changesBetween(before, after)) {
    if (changed > senderLevel) return reject('Nobody can be given a level above the own.')
    if (userId !== sender && old >= senderLevel) {
      return reject('The level of a user of equal or greater power cannot be changed.')
    }
  }
  return undefined
}

function changesBetween(
  before: ReadonlyMap<string, number>,
  after: ReadonlyMap<string, number>,
): Array<[string, Change]> {
  const keys = new Set([...before.keys(), ...after.keys()])
  return Array.from(keys, (key): [string, Change] => [
    key,
    [before.get(key), after.get(key)],
  ]).filter(([, [old, changed]]) => old !== changed)
}
