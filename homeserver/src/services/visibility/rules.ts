/** What decides whether a user may see an event: the room's state at the event, and what came after. */
export interface VisibilityFacts {
  /** `history_visibility` at the event; anything unknown or absent counts as `shared`. */
  readonly historyVisibility: unknown
  /** The user's membership at the event. */
  readonly membership: unknown
  /** The user joined at some point after the event was sent. */
  readonly joinedLater: boolean
}

const KNOWN: ReadonlySet<unknown> = new Set(['world_readable', 'shared', 'invited', 'joined'])

/**
 * The rules of history visibility, for one state. An event that changes the visibility, or the
 * user's own membership, is judged by the state before and after it, and either may allow it.
 * https://spec.matrix.org/v1.19/client-server-api/#server-behaviour-7
 */
export function mayUserSee(facts: VisibilityFacts): boolean {
  const { membership, joinedLater } = facts
  const visibility = KNOWN.has(facts.historyVisibility) ? facts.historyVisibility : 'shared'
  if (visibility === 'world_readable' || membership === 'join') return true
  if (visibility === 'shared') return joinedLater
  return visibility === 'invited' && membership === 'invite'
}
