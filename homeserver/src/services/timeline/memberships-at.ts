import type { LogReads } from '#log/reads.ts'
import type { Dictionary, Point, StoredEvent, UserKey } from '#log/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import type { RoomStates } from '#room-state/types.ts'

export interface MembershipDeps {
  readonly reads: Pick<LogReads, 'membershipsOf'>
  readonly roomStates: Pick<RoomStates, 'at' | 'firstOfKey'>
  readonly dictionary: Pick<Dictionary, 'userByKey'>
}

/**
 * The user's membership at each event, the event's own change included; `leave` before the user had
 * any. Events since the user's last change are answered from memory.
 * https://spec.matrix.org/v1.19/client-server-api/#definition-clientevent
 */
export async function membershipsAt(
  events: readonly StoredEvent[],
  user: UserKey,
  deps: MembershipDeps,
): Promise<Map<StoredEvent, string>> {
  const rows = await deps.reads.membershipsOf(user)
  const memberships = new Map<StoredEvent, string>()
  const older: { event: StoredEvent; point: Point; changed: number }[] = []
  for (const event of events) {
    const row = rows.get(event.room)
    if (row === undefined) memberships.set(event, 'leave')
    else if (event.pos >= row.pos) memberships.set(event, row.membership)
    else if (event.point !== undefined) {
      older.push({ event, point: event.point, changed: row.pos })
    }
  }
  if (older.length === 0) return memberships
  // whoever came new to many rooms would cost a question for each event from before
  const firsts = await deps.roomStates.firstOfKey([...new Set(older.map(({ changed }) => changed))])
  const isBeforeAll = ({ point, changed }: { point: Point; changed: number }): boolean => {
    const first = firsts.get(changed)
    return first !== undefined && point.line === first.line && point.idx < first.idx
  }
  const { userId } = await deps.dictionary.userByKey(user)
  const byPoint = new Map<string, Promise<string>>()
  const membershipAt = async (point: Point): Promise<string> => {
    const member = await deps.roomStates.at(point, 'm.room.member', userId)
    return membershipOf(member?.roomEvent()) ?? 'leave'
  }
  const known = await Promise.all(
    older.map(async ({ event, point, changed }): Promise<[StoredEvent, string]> => {
      if (isBeforeAll({ point, changed })) return [event, 'leave']
      const key = `${point.line}/${point.idx}`
      const membership = byPoint.get(key) ?? membershipAt(point)
      byPoint.set(key, membership)
      return [event, await membership]
    }),
  )
  for (const [event, membership] of known) memberships.set(event, membership)
  return memberships
}
