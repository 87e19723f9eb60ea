import { own } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import type { Verdict } from './auth-rules.ts'
import { creatorOf } from './creators.ts'
import type { TargetedCheck } from './member-check.ts'
import { joinRuleIn, membershipIn } from './membership.ts'
import { PowerLevels } from './power-levels.ts'
import { allow, allowIf, reject } from './verdict.ts'

/** Membership `join`. */
export function checkJoin(check: TargetedCheck): Verdict {
  const { event, state, version, target } = check
  if (isCreatorsFirstJoin(check)) return allow
  if (event.sender !== target) return reject('Nobody can join for another user.')
  const membership = membershipIn(state, target)
  if (membership === 'ban') return reject('The user is banned from the room.')
  const rule = joinRuleIn(state)
  if (rule === 'public') return allow
  const restricted = isRestricted(rule, version)
  if (rule !== 'invite' && !(rule === 'knock' && version.knock) && !restricted) {
    return reject('The join rule does not let anybody join.')
  }
  if (membership === 'join' || membership === 'invite') return allow
  return restricted ? checkAuthoriser(check) : reject('The room can only be joined by invitation.')
}

/** Membership `knock`, from room version 7. */
export function checkKnock({ event, state, version, target }: TargetedCheck): Verdict {
  const rule = joinRuleIn(state)
  if (rule !== 'knock' && !(rule === 'knock_restricted' && version.knockRestricted)) {
    return reject('The join rule does not allow knocking.')
  }
  if (event.sender !== target) return reject('Nobody can knock for another user.')
  const membership = membershipIn(state, target)
  return allowIf(
    membership !== 'ban' && membership !== 'invite' && membership !== 'join',
    'A user who is banned, invited or joined cannot knock.',
  )
}

function isCreatorsFirstJoin({ event, create, version, target }: TargetedCheck): boolean {
  return (
    event.prevEvents.length === 1 &&
    event.prevEvents[0] === create.eventId &&
    target === creatorOf(create, version)
  )
}

function isRestricted(rule: string, version: RoomVersion): boolean {
  if (rule === 'knock_restricted') return version.knockRestricted
  return rule === 'restricted' && version.restrictedJoins
}

/** A restricted join needs a member with the power to invite to answer for it. */
function checkAuthoriser({ event, state, version }: TargetedCheck): Verdict {
  const authoriser = own(event.content, 'join_authorised_via_users_server')
  if (typeof authoriser !== 'string') return reject('Nobody authorised this restricted join.')
  const levels = PowerLevels.in(state, version)
  return allowIf(
    membershipIn(state, authoriser) === 'join' &&
      levels.levelOf(authoriser) >= levels.levelFor('invite'),
    'Whoever authorised the restricted join may not invite.',
  )
}
