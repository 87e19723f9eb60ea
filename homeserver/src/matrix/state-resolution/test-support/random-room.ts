import fc from 'fast-check'
import { isJsonObject } from '../../json.ts'
import type { JsonObject } from '../../json.ts'

/** One thing somebody tries to do in a random room; whether it is allowed shows when it is played. */
export interface Action {
  readonly actor: number
  readonly kind: ActionKind
  readonly target: number
  readonly level: number
  readonly choice: number
  /** Picks the events it follows: one number a parent. */
  readonly parents: readonly number[]
  /** Few different values, so that many events tie. */
  readonly ts: number
  /** Breaks ties of the timestamp: begins the event's ID. */
  readonly idPrefix: number
  /** A refused event is kept as a rejected one. */
  readonly keepRejected: boolean
}

const KINDS = [
  'join',
  'join',
  'leave',
  'invite',
  'kick',
  'ban',
  'unban',
  'knock',
  'topic',
  'name',
  'join-rules',
  'user-level',
  'user-level',
  'event-level',
  'named-level',
] as const

type ActionKind = (typeof KINDS)[number]

export const USERS = ['@ann:a.org', '@bob:b.org', '@cat:c.org', '@dan:d.org'] as const

const LEVELS = [0, 25, 50, 75, 100] as const

const action: fc.Arbitrary<Action> = fc.record({
  actor: fc.nat(USERS.length - 1),
  kind: fc.constantFrom(...KINDS),
  target: fc.nat(USERS.length - 1),
  level: fc.constantFrom(...LEVELS),
  choice: fc.nat(7),
  parents: fc.array(fc.nat(5), { minLength: 1, maxLength: 3 }),
  ts: fc.nat(6),
  idPrefix: fc.nat(999),
  keepRejected: fc.boolean(),
})

export interface RoomPlan {
  readonly versionId: string
  readonly additionalCreator: boolean
  readonly actions: readonly Action[]
  /** Which events' states are resolved in the end. */
  readonly ends: readonly number[]
}

/** Rooms of several users who fight over levels, memberships and topics on forking branches. */
export function roomPlan(versionIds: readonly string[]): fc.Arbitrary<RoomPlan> {
  return fc.record({
    versionId: fc.constantFrom(...versionIds),
    additionalCreator: fc.boolean(),
    actions: fc.array(action, { minLength: 5, maxLength: 40 }),
    ends: fc.array(fc.nat(12), { minLength: 2, maxLength: 4 }),
  })
}

const JOIN_RULES = ['public', 'invite', 'knock', 'restricted', 'knock_restricted'] as const
const NAMED = ['ban', 'kick', 'invite', 'users_default', 'state_default', 'events_default'] as const

/** Type, state key and content of what the action sends, given the power levels so far. */
export function draftOf(
  { kind, actor, target, level, choice }: Action,
  levels: JsonObject,
): { type: string; stateKey: string; content: JsonObject } {
  const userId = user(kind === 'join' || kind === 'leave' || kind === 'knock' ? actor : target)
  const member = (membership: string) => ({
    type: 'm.room.member',
    stateKey: userId,
    content: { membership, ...(choice === 0 && { displayname: `${level}` }) },
  })
  const room = (type: string, content: JsonObject) => ({ type, stateKey: '', content })
  switch (kind) {
    case 'kick':
    case 'unban':
      return member('leave')
    case 'topic':
      return room('m.room.topic', { topic: `${choice}` })
    case 'name':
      return room('m.room.name', { name: `${choice}` })
    case 'join-rules':
      return room('m.room.join_rules', { join_rule: pick(JOIN_RULES, choice) })
    case 'user-level':
      return room('m.room.power_levels', withEntry(levels, 'users', userId, level))
    case 'event-level':
      return room('m.room.power_levels', withEntry(levels, 'events', 'm.room.topic', level))
    case 'named-level':
      return room('m.room.power_levels', { ...levels, [pick(NAMED, choice)]: level })
    case 'join':
    case 'leave':
    case 'invite':
    case 'ban':
    case 'knock':
      return member(kind)
  }
}

function withEntry(levels: JsonObject, map: string, key: string, level: number): JsonObject {
  const before = levels[map]
  return { ...levels, [map]: { ...(isJsonObject(before) && before), [key]: level } }
}

export function user(index: number): (typeof USERS)[number] {
  return pick(USERS, index)
}

function pick<Item>(items: readonly Item[], index: number): Item {
  const item = items[index % items.length]
  if (item === undefined) throw new RangeError('Nothing to pick from.')
  return item
}
