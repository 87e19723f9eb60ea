import { creatorOf, privilegedCreators } from '#matrix/auth-rules/creators.ts'
import { parseLevel } from '#matrix/auth-rules/level.ts'
import { LEVEL_NAMES } from '#matrix/auth-rules/power-levels-content.ts'
import { isUserId, type UserId } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import type { OldRoom } from './old-room.ts'

const ADMIN = 100
/** Where room creation puts the level for replacing a room from room version 12. */
const CREATORS_ONLY = 150

/** The power levels of the new room. */
export interface SuccessorLevels {
  /** With which the room begins: whoever upgrades can do everything that the upgrade needs. */
  readonly first: JsonObject
  /** What takes their place at the end; undefined: nothing. */
  readonly final: JsonObject | undefined
}

export interface Upgrader {
  readonly userId: UserId
  readonly version: RoomVersion
  /** Creators of the new room besides the one who upgrades, where there are such. */
  readonly additionalCreators: readonly UserId[]
  /** Users whom the new room is to ban. */
  readonly banned: readonly UserId[]
}

/**
 * The old room's levels, as the new room's version wants them: creators are not listed where they stand
 * above all levels, and get a level where they do not.
 * https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-19
 */
export function successorLevels(old: OldRoom, upgrader: Upgrader): SuccessorLevels {
  const { version, userId, additionalCreators, banned } = upgrader
  const content = carriedContent(old)
  if (version.privilegedCreators) {
    const creators = new Set<string>([userId, ...additionalCreators])
    const users = entriesOf(content, 'users').filter(([user]) => !creators.has(user))
    return {
      first: withTombstone({ ...content, users: Object.fromEntries(users) }),
      final: undefined,
    }
  }
  const top = highest(content)
  const users = new Map(entriesOf(content, 'users'))
  for (const creator of privilegedCreators(old.create, old.info.version)) users.set(creator, top)
  const final = { ...content, users: Object.fromEntries(users) }
  // above those whom the upgrade bans, too
  const levelOfUser = (user: string): number => users.get(user) ?? levelOf(content, 'users_default')
  const needed = banned.reduce((level, user) => Math.max(level, levelOfUser(user) + 1), top)
  if (levelOfUser(userId) >= needed) return { first: final, final: undefined }
  const first = { ...content, users: Object.fromEntries(users.set(userId, needed)) }
  return { first, final }
}

/** The levels of the old room as plain integers, all that is no level left out. */
function carriedContent({ powerLevels, create, info }: OldRoom): JsonObject {
  if (powerLevels === undefined) {
    const creator = creatorOf(create, info.version)
    const isListed = creator !== undefined && !info.version.privilegedCreators
    return { users: isListed ? { [creator]: ADMIN } : {} }
  }
  const { content } = powerLevels
  const named = LEVEL_NAMES.flatMap((name) => {
    const level = parseLevel(own(content, name), info.version)
    return level === undefined || !Number.isSafeInteger(level) ? [] : [[name, level] as const]
  })
  return {
    ...Object.fromEntries(named),
    ...mapOf(content, 'events', info.version),
    ...mapOf(content, 'notifications', info.version),
    ...mapOf(content, 'users', info.version, isUserId),
  }
}

/** A map of levels, without entries that not every room version accepts. */
function mapOf(
  content: JsonObject,
  key: string,
  version: RoomVersion,
  accepts: (key: string) => boolean = () => true,
): JsonObject {
  const value = own(content, key)
  if (!isJsonObject(value)) return {}
  const levels = Object.keys(value).flatMap((name) => {
    const level = parseLevel(own(value, name), version)
    return level !== undefined && Number.isSafeInteger(level) && accepts(name)
      ? [[name, level] as const]
      : []
  })
  return { [key]: Object.fromEntries(levels) }
}

function entriesOf(content: JsonObject, key: string): [string, number][] {
  const value = own(content, key)
  if (!isJsonObject(value)) return []
  return Object.entries(value).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number',
  )
}

function levelOf(content: JsonObject, key: string): number {
  const value = own(content, key)
  return typeof value === 'number' ? value : 0
}

/** A level that is enough for everything. */
function highest(content: JsonObject): number {
  const named = LEVEL_NAMES.map((name) => levelOf(content, name))
  const events = entriesOf(content, 'events').map(([, level]) => level)
  return [ADMIN, ...named, ...events].reduce((a, b) => Math.max(a, b))
}

/** The level for `m.room.tombstone` must be explicit and above `state_default` from version 12. */
function withTombstone(content: JsonObject): JsonObject {
  const stateDefault = own(content, 'state_default') ?? 50
  const floor = typeof stateDefault === 'number' ? stateDefault : 50
  const events = entriesOf(content, 'events')
  const current = new Map(events).get('m.room.tombstone')
  if (current !== undefined && current > floor) return content
  const level = Math.max(CREATORS_ONLY, floor + 1)
  return {
    ...content,
    events: Object.fromEntries([...events, ['m.room.tombstone', level] as const]),
  }
}
