import type { RoomEvent } from '../events/pdu.ts'
import { own } from '../json.ts'
import type { StateLookup } from './auth-rules.ts'

/**
 * `content.membership` of a member event; undefined when there is no event or the value is no string.
 * A user without a member event counts as never having been in the room.
 * https://spec.matrix.org/v1.19/client-server-api/#mroommember
 */
export function membershipOf(event: Pick<RoomEvent, 'content'> | undefined): string | undefined {
  const membership = event && own(event.content, 'membership')
  return typeof membership === 'string' ? membership : undefined
}

/** The user's membership in a state. */
export function membershipIn(state: StateLookup, userId: string): string | undefined {
  return membershipOf(state('m.room.member', userId))
}

/**
 * The room's join rule; `invite` where the state has none or one that is no string.
 * https://spec.matrix.org/v1.19/client-server-api/#mroomjoin_rules
 */
export function joinRuleIn(state: StateLookup): string {
  const event = state('m.room.join_rules', '')
  const rule = event && own(event.content, 'join_rule')
  return typeof rule === 'string' ? rule : 'invite'
}
