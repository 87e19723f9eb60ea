import { isJsonObject, own } from '../json.ts'
import type { JsonValue } from '../json.ts'
import type { Verdict } from './auth-rules.ts'
import type { TargetedCheck } from './member-check.ts'
import { membershipIn } from './membership.ts'
import { PowerLevels } from './power-levels.ts'
import { isSignedByInviteKey } from './third-party-invite.ts'
import { allowIf, reject } from './verdict.ts'

/** Membership `invite`. */
export function checkInvite(check: TargetedCheck): Verdict {
  const { event, state, version, target } = check
  const thirdParty = own(event.content, 'third_party_invite')
  if (thirdParty !== undefined) return checkThirdPartyInvite(check, thirdParty)
  if (membershipIn(state, event.sender) !== 'join') return reject('The sender is not in the room.')
  const membership = membershipIn(state, target)
  if (membership === 'join') return reject('The user is already in the room.')
  if (membership === 'ban') return reject('The user is banned from the room.')
  const levels = PowerLevels.in(state, version)
  return allowIf(
    levels.levelOf(event.sender) >= levels.levelFor('invite'),
    'The power to invite is missing.',
  )
}

/** An invitation that redeems an `m.room.third_party_invite` event. */
function checkThirdPartyInvite(check: TargetedCheck, thirdParty: JsonValue): Verdict {
  const { event, state, target } = check
  if (membershipIn(state, target) === 'ban') return reject('The user is banned from the room.')
  const signed = isJsonObject(thirdParty) ? own(thirdParty, 'signed') : undefined
  if (!isJsonObject(signed)) return reject('The third-party invite is not signed.')
  const token = own(signed, 'token')
  if (typeof token !== 'string') return reject('The third-party invite has no token.')
  if (own(signed, 'mxid') !== target) return reject('The third-party invite is for another user.')
  const invite = state('m.room.third_party_invite', token)
  if (invite === undefined) return reject('There is no third-party invite with this token.')
  if (invite.sender !== event.sender) return reject('The third-party invite has another sender.')
  return allowIf(
    isSignedByInviteKey(signed, invite.content),
    'The third-party invite carries no valid signature.',
  )
}
