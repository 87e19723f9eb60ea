import type { StoredEvent, UserKey } from '#log/types.ts'
import { membershipsAt, type MembershipDeps } from './memberships-at.ts'

/** Users who wanted to be forgotten. */
export interface Erased {
  among(users: ReadonlySet<UserKey>): Promise<ReadonlySet<UserKey>>
}

const NONE: ReadonlySet<StoredEvent> = new Set()

/**
 * The events that a reader gets pruned, although nobody redacted them: those of erased users, from
 * when the reader was not in the room.
 * https://spec.matrix.org/v1.19/client-server-api/#post_matrixclientv3accountdeactivate
 * @param memberships the reader's membership at each event
 */
export async function prunedAmong(
  events: readonly StoredEvent[],
  memberships: ReadonlyMap<StoredEvent, string>,
  erased: Erased,
): Promise<ReadonlySet<StoredEvent>> {
  const outside = events.filter((event) => {
    const membership = memberships.get(event)
    return membership !== undefined && membership !== 'join'
  })
  return new Set(await ofErased(outside, erased))
}

/** The same where the reader's memberships are not known yet. */
export async function prunedFor(
  events: readonly StoredEvent[],
  user: UserKey,
  deps: MembershipDeps & { readonly erased: Erased },
): Promise<ReadonlySet<StoredEvent>> {
  const theirs = await ofErased(events, deps.erased)
  if (theirs.length === 0) return NONE
  return await prunedAmong(theirs, await membershipsAt(theirs, user, deps), deps.erased)
}

async function ofErased(
  events: readonly StoredEvent[],
  erased: Erased,
): Promise<readonly StoredEvent[]> {
  if (events.length === 0) return []
  const senders = await erased.among(new Set(events.map(({ sender }) => sender)))
  return senders.size === 0 ? [] : events.filter(({ sender }) => senders.has(sender))
}
