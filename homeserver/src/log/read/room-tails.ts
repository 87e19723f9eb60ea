import type { Statement } from '#db/pipelined-client.ts'
import type { WarmRooms } from '../caches/warm-rooms.ts'
import type { LogReads } from '../reads.ts'
import type { EventEntry, RoomKey } from '../types.ts'
import { ROOM_TAIL, ROOM_TAILS } from './statements.ts'

/** Reads of the newest events of rooms, from memory where a room is warm. */
export function createRoomTails(deps: {
  readonly warm: WarmRooms
  entries(statement: Statement, values: unknown[]): Promise<EventEntry[]>
}): Pick<LogReads, 'roomTail' | 'roomTails'> {
  const { warm } = deps
  return {
    async roomTail(room, range) {
      const inMemory = warm.tail(room, range)
      if (inMemory !== undefined) return inMemory
      const redactions = warm.redactions
      const { after, upTo, limit } = range
      const newestFirst = await deps.entries(ROOM_TAIL, [room, after, upTo, limit + 1])
      const limited = newestFirst.length > limit
      const events = newestFirst.slice(0, limit).reverse()
      const floor = newestFirst[limit]?.pos ?? after
      warm.fill(room, { floor, upTo, events, redactions })
      return { events, limited }
    },

    async roomTails(rooms, { upTo, limit }) {
      const tails = new Map<RoomKey, EventEntry[]>()
      const cold: RoomKey[] = []
      for (const room of rooms) {
        const inMemory = warm.newest(room, upTo, limit)
        tails.set(room, inMemory ?? [])
        if (inMemory === undefined) cold.push(room)
      }
      if (cold.length === 0) return tails
      const { redactions } = warm
      for (const entry of await deps.entries(ROOM_TAILS, [cold, upTo, limit])) {
        tails.get(entry.event.room)?.push(entry)
      }
      for (const room of cold) {
        const events = tails.get(room)?.reverse() ?? []
        const oldest = events[0]
        const floor = oldest === undefined || events.length < limit ? 0 : oldest.pos - 1
        warm.fill(room, { floor, upTo, events, redactions })
      }
      return tails
    },
  }
}
