import type { RoomEvent } from '../events/pdu.ts'
import { own } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'

/**
 * Who made the room: `content.creator` up to room version 10, from 11 the sender of the create event.
 * https://spec.matrix.org/v1.19/rooms/v11/#remove-the-creator-property-of-mroomcreate-events
 */
export function creatorOf(create: RoomEvent, version: RoomVersion): string | undefined {
  if (version.implicitCreator) return create.sender
  const creator = own(create.content, 'creator')
  return typeof creator === 'string' ? creator : undefined
}

/**
 * The users whose power is infinite: from room version 12 the sender of the create event and its
 * `additional_creators`, before that nobody.
 * https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules
 */
export function privilegedCreators(
  create: RoomEvent | undefined,
  version: RoomVersion,
): ReadonlySet<string> {
  if (!version.privilegedCreators || create === undefined) return new Set()
  const additional = own(create.content, 'additional_creators')
  const names = Array.isArray(additional) ? additional : []
  return new Set([create.sender, ...names.filter((name) => typeof name === 'string')])
}
