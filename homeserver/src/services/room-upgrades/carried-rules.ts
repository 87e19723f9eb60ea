import type { RoomId } from '#matrix/ids.ts'
import { own, type JsonObject, type JsonValue } from '#matrix/json.ts'
import type { PushRule, PushRuleset } from '#matrix/push-rules/push-rule.ts'

/** A rule for the new room that a user has for the old one. */
export interface CarriedRule {
  readonly kind: 'room' | 'override'
  readonly enabled: boolean
  readonly input: {
    readonly actions: readonly JsonValue[]
    readonly conditions?: readonly JsonObject[]
  }
}

/**
 * The rules that are for one room alone: those of the kind `room`, and overrides named for the room,
 * by which clients mute it. None for which the new room has one already.
 */
export function carriedRules(rules: PushRuleset, from: RoomId, to: RoomId): CarriedRule[] {
  const carried: CarriedRule[] = []
  for (const kind of ['room', 'override'] as const) {
    const rule = named(rules[kind], from)
    if (rule === undefined || named(rules[kind], to) !== undefined) continue
    const { actions, enabled, conditions } = rule
    const moved = conditions?.map((condition) => forRoom(condition, from, to))
    carried.push({
      kind,
      enabled,
      input: { actions, ...(moved !== undefined && { conditions: moved }) },
    })
  }
  return carried
}

const named = (rules: readonly PushRule[], roomId: RoomId): PushRule | undefined =>
  rules.find((rule) => rule.rule_id === roomId)

function forRoom(condition: JsonObject, from: RoomId, to: RoomId): JsonObject {
  const isForRoom = own(condition, 'key') === 'room_id'
  if (isForRoom && own(condition, 'pattern') === from) return { ...condition, pattern: to }
  if (isForRoom && own(condition, 'value') === from) return { ...condition, value: to }
  return condition
}
