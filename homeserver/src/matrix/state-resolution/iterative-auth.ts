import type { StateLookup } from '../auth-rules/auth-rules.ts'
import { checkAuth } from '../auth-rules/check-auth.ts'
import type { RoomEvent, StateKeyString, StateMap } from '../events/pdu.ts'
import { stateKeyString } from '../events/state-key.ts'
import type { EventId } from '../ids.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { authEventOf, createEventOf } from './auth-event.ts'
import { requireEvent } from './event-source.ts'
import type { EventLookup } from './event-source.ts'

/** Signatures were verified when the event arrived; one that lacked them was never stored. */
const VERIFIED_ON_RECEIPT = { signedBy: () => true }

/** A room state under construction: what the checks have applied, above what they started from. */
export interface PartialState {
  readonly start: StateMap
  readonly applied: Map<StateKeyString, EventId>
}

/**
 * The iterative auth checks: applies, in order, each state event that the state so far allows.
 * https://spec.matrix.org/v1.19/rooms/v12/#definitions
 */
export function iterativeAuthChecks(
  state: PartialState,
  order: Iterable<EventId>,
  version: RoomVersion,
  event: EventLookup,
): void {
  for (const id of order) {
    const candidate = requireEvent(event, id)
    if (candidate.stateKey === undefined) continue
    const lookup = lookupFor(candidate, state, version, event)
    if (checkAuth(candidate, lookup, version, VERIFIED_ON_RECEIPT).allowed) {
      state.applied.set(stateKeyString(candidate.type, candidate.stateKey), id)
    }
  }
}

/** The state so far; for what it lacks, the event's own `auth_events` unless rejected. */
function lookupFor(
  candidate: RoomEvent,
  { start, applied }: PartialState,
  version: RoomVersion,
  event: EventLookup,
): StateLookup {
  return (type, stateKey) => {
    const key = stateKeyString(type, stateKey)
    const id = applied.get(key) ?? start.get(key)
    if (id !== undefined) return requireEvent(event, id)
    const fallback =
      type === 'm.room.create' && stateKey === ''
        ? createEventOf(candidate, version, event)
        : authEventOf(candidate, type, stateKey, event)
    return fallback?.rejected === true ? undefined : fallback
  }
}
