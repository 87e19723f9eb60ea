import { isUserId, serverOf } from '../ids.ts'
import { own } from '../json.ts'
import { ROOM_VERSIONS } from '../room-versions/room-version.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import type { AuthInput, Verdict } from './auth-rules.ts'
import { allow, allowIf, reject, rejectForm } from './verdict.ts'

/**
 * The rule for `m.room.create`. That a version 12 create event has no `room_id` is a matter of its
 * federation form, so the event parser settles it.
 * https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules
 */
export function checkCreate(event: AuthInput, version: RoomVersion): Verdict {
  if (event.prevEvents.length > 0) return rejectForm('The create event must be the first event.')
  if (!version.roomIdIsCreateHash && serverOf(event.roomId) !== serverOf(event.sender)) {
    return reject("The room ID does not carry the sender's server name.")
  }
  const named = own(event.content, 'room_version')
  if (named !== undefined && (typeof named !== 'string' || !ROOM_VERSIONS.has(named))) {
    return reject('The room version is not known.')
  }
  if (!version.implicitCreator && !Object.hasOwn(event.content, 'creator')) {
    return reject('The create event names no creator.')
  }
  return version.privilegedCreators ? checkAdditionalCreators(event) : allow
}

function checkAdditionalCreators(event: AuthInput): Verdict {
  const creators = own(event.content, 'additional_creators')
  if (creators === undefined) return allow
  return allowIf(
    Array.isArray(creators) && creators.every((name) => typeof name === 'string' && isUserId(name)),
    'additional_creators is not a list of user IDs.',
  )
}
