import type { RoomEvent } from '../events/pdu.ts'
import { serverOf } from '../ids.ts'
import { own } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import type { AuthInput, AuthOptions, StateLookup, Verdict } from './auth-rules.ts'
import { checkCreate } from './check-create.ts'
import { checkMember } from './check-member.ts'
import { checkPowerLevels } from './check-power-levels.ts'
import { membershipIn } from './membership.ts'
import { PowerLevels } from './power-levels.ts'
import { allow, allowIf, reject } from './verdict.ts'

/**
 * The authorisation rules of room versions 3 to 12, judging an event by a state. The check of the
 * event's own `auth_events` is {@link checkAuthEvents}; that the sender's server signed the event was
 * settled on receipt.
 * https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules
 *
 * @param state must give the create event, also in room version 12 where `auth_events` never has it.
 */
export function checkAuth(
  event: AuthInput,
  state: StateLookup,
  version: RoomVersion,
  options: AuthOptions = {},
): Verdict {
  if (event.type === 'm.room.create') return checkCreate(event, version)
  const create = state('m.room.create', '')
  if (create === undefined) return reject('The state has no create event.')
  const place = checkPlace(event, create, version)
  if (!place.allowed) return place
  if (event.type === 'm.room.aliases' && version.aliasesAuthRule) return checkAliases(event)
  if (event.type === 'm.room.member') return checkMember({ event, create, state, version, options })
  if (membershipIn(state, event.sender) !== 'join') return reject('The sender is not in the room.')
  return checkPower(event, create, state, version)
}

/** The event belongs to the create event's room, and the room takes events from its server. */
function checkPlace(event: AuthInput, create: RoomEvent, version: RoomVersion): Verdict {
  if (version.roomIdIsCreateHash) {
    if (create.rejected) return reject('The create event of this room was rejected.')
    if (event.roomId.slice(1) !== create.eventId.slice(1)) {
      return reject('The room ID is not that of the create event.')
    }
  }
  const federates = own(create.content, 'm.federate') !== false
  return allowIf(
    federates || serverOf(event.sender) === serverOf(create.sender),
    'This room does not federate.',
  )
}

/** Up to room version 5: a server may set the aliases under its own name, in the room or not. */
function checkAliases(event: AuthInput): Verdict {
  return allowIf(
    event.stateKey !== undefined && event.stateKey === serverOf(event.sender),
    'Aliases may only be set for the own server.',
  )
}

/** Everything but membership: does the sender's level suffice? */
function checkPower(
  event: AuthInput,
  create: RoomEvent,
  state: StateLookup,
  version: RoomVersion,
): Verdict {
  const levels = PowerLevels.in(state, version)
  const senderLevel = levels.levelOf(event.sender)
  if (event.type === 'm.room.third_party_invite') {
    return allowIf(senderLevel >= levels.levelFor('invite'), 'The power to invite is missing.')
  }
  if (senderLevel < levels.levelToSend(event.type, event.stateKey !== undefined)) {
    return reject(`The power to send ${event.type} is missing.`)
  }
  if (event.stateKey?.startsWith('@') === true && event.stateKey !== event.sender) {
    return reject('State under a user ID may only be set by that user.')
  }
  if (event.type !== 'm.room.power_levels') return allow
  const current = state('m.room.power_levels', '')
  return checkPowerLevels({ event, create, current, senderLevel, version })
}
