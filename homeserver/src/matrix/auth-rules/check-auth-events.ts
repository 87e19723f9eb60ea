import type { RoomEvent } from '../events/pdu.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import type { Verdict } from './auth-rules.ts'
import { authTypes } from './auth-types.ts'
import { allow, reject } from './verdict.ts'

/**
 * The rule "considering the event's `auth_events`": no duplicates, nothing beyond the selection,
 * nothing rejected, nothing of another room, the create event where the version wants it. Whether
 * these events then allow the event is {@link checkAuth}'s question. The create event is judged by
 * its own rule alone.
 * https://spec.matrix.org/v1.19/rooms/v11/#authorisation-rules
 *
 * @param authEvents the events that `event.authEvents` names; one that is not given rejects.
 */
export function checkAuthEvents(
  event: RoomEvent,
  authEvents: readonly RoomEvent[],
  version: RoomVersion,
): Verdict {
  if (event.type === 'm.room.create') return allow
  const missing = checkComplete(event, authEvents)
  if (!missing.allowed) return missing
  const wanted = new Set(authTypes(event, version).map(([type, key]) => `${type}\0${key}`))
  const seen = new Set<string>()
  for (const authEvent of authEvents) {
    const name = `${authEvent.type}\0${authEvent.stateKey ?? ''}`
    if (seen.has(name)) return reject(`auth_events has ${authEvent.type} twice.`)
    seen.add(name)
    if (authEvent.stateKey === undefined || !wanted.has(name)) {
      return reject(`auth_events has ${authEvent.type}, which does not authorise this event.`)
    }
    if (authEvent.rejected) return reject(`${authEvent.eventId} in auth_events was rejected.`)
    if (authEvent.roomId !== event.roomId) {
      return reject(`${authEvent.eventId} in auth_events belongs to another room.`)
    }
  }
  if (!version.roomIdIsCreateHash && !seen.has('m.room.create\0')) {
    return reject('auth_events lacks the create event.')
  }
  return allow
}

function checkComplete(event: RoomEvent, authEvents: readonly RoomEvent[]): Verdict {
  if (new Set(event.authEvents).size !== event.authEvents.length) {
    return reject('auth_events names an event twice.')
  }
  const given = new Set(authEvents.map(({ eventId }) => eventId))
  const missing = event.authEvents.find((id) => !given.has(id))
  return missing === undefined ? allow : reject(`${missing} in auth_events is not known.`)
}
