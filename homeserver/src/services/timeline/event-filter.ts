import type { RoomInfo, StoredEvent } from '#log/types.ts'
import { hasUrl, listTest, typeTest } from '#services/filters/index.ts'
import type { RoomEventFilter } from '#services/filters/index.ts'

/** Whether a filter lets an event pass. */
export type EventTest = (event: StoredEvent) => boolean

/**
 * Compiles a RoomEventFilter for one room; undefined when it lets every event pass.
 * https://spec.matrix.org/v1.19/client-server-api/#filtering
 */
export function eventTest(filter: RoomEventFilter, room: RoomInfo): EventTest | undefined {
  if (!listTest(filter.rooms, filter.not_rooms)(room.roomId)) return () => false
  const tests = conditions(filter)
  return tests.length === 0 ? undefined : (event) => tests.every((test) => test(event))
}

function conditions(filter: RoomEventFilter): EventTest[] {
  const { types, not_types, senders, not_senders, contains_url } = filter
  const tests: EventTest[] = []
  if (types !== undefined || not_types !== undefined) {
    const passes = typeTest(filter)
    tests.push(({ type }) => passes(type))
  }
  if (senders !== undefined || not_senders !== undefined) {
    const passes = listTest(senders, not_senders)
    tests.push(({ senderId }) => passes(senderId))
  }
  if (contains_url !== undefined) tests.push((event) => hasUrl(event) === contains_url)
  return tests
}
