import { ReceiptType, type Room } from 'matrix-js-sdk'
import type { Person } from '../model/people.ts'
import { personIn } from './people.ts'

/**
 * Who has read up to which of the shown events. A receipt for an event without a line of its own
 * (an edit, a reaction) counts for the last shown event before it.
 */
export function receiptsIn(
  room: Room,
  shown: ReadonlySet<string>,
  userId: string,
): ReadonlyMap<string, readonly Person[]> {
  const result = new Map<string, Person[]>()
  let current: string | undefined
  for (const event of room.getLiveTimeline().getEvents()) {
    const id = event.getId() ?? ''
    if (shown.has(id)) current = id
    if (current === undefined) continue
    for (const receipt of room.getReceiptsForEvent(event)) {
      const isRead = receipt.type === ReceiptType.Read || receipt.type === ReceiptType.ReadPrivate
      if (!isRead || receipt.userId === userId) continue
      const people = result.get(current) ?? []
      if (people.some((person) => person.id === receipt.userId)) continue
      result.set(current, [...people, personIn(room, receipt.userId)])
    }
  }
  return result
}
