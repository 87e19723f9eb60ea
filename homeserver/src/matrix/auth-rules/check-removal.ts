import type { Verdict } from './auth-rules.ts'
import type { TargetedCheck } from './member-check.ts'
import { membershipIn } from './membership.ts'
import { PowerLevels } from './power-levels.ts'
import { allowIf, reject } from './verdict.ts'

/** Membership `leave`: leaving, rejecting an invitation, kicking, withdrawing an invitation, unbanning. */
export function checkLeave({ event, state, version, target }: TargetedCheck): Verdict {
  const membership = membershipIn(state, target)
  if (event.sender === target) {
    const knocked = membership === 'knock' && version.knock
    return allowIf(
      membership === 'invite' || membership === 'join' || knocked,
      'Only who is in the room, invited or knocking can leave.',
    )
  }
  if (membershipIn(state, event.sender) !== 'join') return reject('The sender is not in the room.')
  const levels = PowerLevels.in(state, version)
  const senderLevel = levels.levelOf(event.sender)
  if (membership === 'ban' && senderLevel < levels.levelFor('ban')) {
    return reject('The power to unban is missing.')
  }
  return allowIf(
    senderLevel >= levels.levelFor('kick') && levels.levelOf(target) < senderLevel,
    'The power to remove this user is missing.',
  )
}

/** Membership `ban`. */
export function checkBan({ event, state, version, target }: TargetedCheck): Verdict {
  if (membershipIn(state, event.sender) !== 'join') return reject('The sender is not in the room.')
  const levels = PowerLevels.in(state, version)
  const senderLevel = levels.levelOf(event.sender)
  return allowIf(
    senderLevel >= levels.levelFor('ban') && levels.levelOf(target) < senderLevel,
    'The power to ban this user is missing.',
  )
}
