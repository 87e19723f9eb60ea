import type { StoredEvent, UserKey } from '#log/types.ts'

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
export async function prunedFor(
  events: readonly StoredEvent[],
  memberships: ReadonlyMap<StoredEvent, string>,
  erased: Erased,
): Promise<ReadonlySet<StoredEvent>> {
  const outside = events.filter((event) => {
    const membership = memberships.get(event)
    return membership !== undefined && membership !== 'join'
  })
  if (outside.length === 0) return NONE
  const senders = await erased.among(new Set(outside.map(({ sender }) => sender)))
  return senders.size === 0 ? NONE : new Set(outside.filter(({ sender }) => senders.has(sender)))
}
