import type { RoomEvent } from '../events/pdu.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import type { AuthOptions, StateLookup } from './auth-rules.ts'
import { checkAuthEvents } from './check-auth-events.ts'
import { checkAuth } from './check-auth.ts'
import { stateLookupOf } from './state-lookup.ts'

/**
 * What becomes of a received event. Rejected: it changes no state, and what cites it is rejected too.
 * Soft-failed: clients are not told and no event of ours refers to it, otherwise it counts as usual.
 */
export type ReceiptVerdict =
  | { readonly outcome: 'accepted' }
  | { readonly outcome: 'rejected' | 'soft-failed'; readonly reason: string }

/** An event whose form, signatures and hash are in order, and what it is judged by. */
export interface ReceivedEvent {
  readonly event: RoomEvent
  readonly version: RoomVersion
  /** The events that its `auth_events` name; one that is not given rejects. */
  readonly authEvents: readonly RoomEvent[]
  /** The room's create event, which `auth_events` lack from room version 12. */
  readonly create: RoomEvent | undefined
  /** The state before it; undefined for an outlier, which is judged by its `auth_events` alone. */
  readonly before: StateLookup | undefined
  /** The state resolved over the room's forward extremities. */
  readonly current: StateLookup
  readonly options?: AuthOptions
}

/**
 * The authorisation part of the checks on receipt: by the event's `auth_events`, by the state before
 * it, by the current state. The policy server's say comes after these.
 * https://spec.matrix.org/v1.19/server-server-api/#checks-performed-on-receipt-of-a-pdu
 */
export function judgeReceived(received: ReceivedEvent): ReceiptVerdict {
  const { event, version, authEvents, before, current, options } = received
  const cited = checkAuthEvents(event, authEvents, version)
  if (!cited.allowed) return { outcome: 'rejected', reason: cited.reason }
  const byAuthEvents = checkAuth(event, authLookup(received), version, options)
  if (!byAuthEvents.allowed) return { outcome: 'rejected', reason: byAuthEvents.reason }
  if (before === undefined) return { outcome: 'accepted' }
  const byStateBefore = checkAuth(event, before, version, options)
  if (!byStateBefore.allowed) return { outcome: 'rejected', reason: byStateBefore.reason }
  const byCurrentState = checkAuth(event, current, version, options)
  if (!byCurrentState.allowed) return { outcome: 'soft-failed', reason: byCurrentState.reason }
  return { outcome: 'accepted' }
}

/** The state that the event's own `auth_events` make up. */
function authLookup({ version, authEvents, create }: ReceivedEvent): StateLookup {
  const implied = version.roomIdIsCreateHash && create !== undefined ? [create] : []
  return stateLookupOf([...implied, ...authEvents])
}
