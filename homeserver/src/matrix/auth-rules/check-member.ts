import { isUserId, serverOf } from '../ids.ts'
import { own } from '../json.ts'
import type { Verdict } from './auth-rules.ts'
import { checkInvite } from './check-invite.ts'
import { checkJoin, checkKnock } from './check-join.ts'
import { checkBan, checkLeave } from './check-removal.ts'
import type { MemberCheck, TargetedCheck } from './member-check.ts'
import { allow, allowIf, reject } from './verdict.ts'

/**
 * The rule for `m.room.member`.
 * https://spec.matrix.org/v1.19/rooms/v12/#authorisation-rules
 */
export function checkMember(check: MemberCheck): Verdict {
  const { event, version } = check
  if (event.stateKey === undefined) return reject('A member event needs a state key.')
  const signed = checkAuthoriserSigned(check)
  if (!signed.allowed) return signed
  const targeted: TargetedCheck = { ...check, target: event.stateKey }
  const membership = own(event.content, 'membership')
  if (membership === 'join') return checkJoin(targeted)
  if (membership === 'invite') return checkInvite(targeted)
  if (membership === 'leave') return checkLeave(targeted)
  if (membership === 'ban') return checkBan(targeted)
  if (membership === 'knock' && version.knock) return checkKnock(targeted)
  return reject('The membership is missing or not known.')
}

/** Whoever is named as having authorised a restricted join, their server must have signed. */
function checkAuthoriserSigned({ event, version, options }: MemberCheck): Verdict {
  const authoriser = own(event.content, 'join_authorised_via_users_server')
  if (!version.restrictedJoins || authoriser === undefined) return allow
  return allowIf(
    typeof authoriser === 'string' &&
      isUserId(authoriser) &&
      options.signedBy?.(serverOf(authoriser)) === true,
    'The server that is said to have authorised the join did not sign it.',
  )
}
