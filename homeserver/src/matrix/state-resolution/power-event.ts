import { membershipOf } from '../auth-rules/membership.ts'
import type { RoomEvent } from '../events/pdu.ts'

/**
 * Whether the event might remove somebody's ability to do something: power levels, join rules, kicks
 * and bans.
 * https://spec.matrix.org/v1.19/rooms/v12/#definitions
 */
export function isPowerEvent(event: RoomEvent): boolean {
  if (event.stateKey === undefined) return false
  if (event.type === 'm.room.power_levels' || event.type === 'm.room.join_rules') return true
  if (event.type !== 'm.room.member' || event.sender === event.stateKey) return false
  const membership = membershipOf(event)
  return membership === 'leave' || membership === 'ban'
}
