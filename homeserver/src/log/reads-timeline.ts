import { sql } from 'kysely'
import type { Db } from '#db/db.ts'
import { parseEventId, type EventId } from '#matrix/ids.ts'
import type { Topological } from './reads.ts'
import type { DeviceKey, RoomKey } from './types.ts'

/** Reads that paging through history and repeated transactions need. */
export interface TimelineReads {
  /** The topologically last event of a room among those at or before a position. */
  lastUpTo(room: RoomKey, pos: number): Promise<Topological | undefined>
  /** The topologically first event of a room among those after a position. */
  firstAfter(room: RoomKey, pos: number): Promise<Topological | undefined>
  /** Transaction IDs by position of the event, of those among the events that the device sent. */
  txnIds(device: DeviceKey, positions: readonly number[]): Promise<Map<number, string>>
  /** The event that a transaction key stands for. */
  txnEvent(device: DeviceKey, key: string): Promise<EventId | undefined>
}

/** Makes the reads; every call is one statement. */
export function createTimelineReads(db: Db): TimelineReads {
  return {
    async lastUpTo(room, pos) {
      const { rows } = await sql<Topological>`
        SELECT depth, pos FROM events WHERE room = ${room} AND pos <= ${pos}
        ORDER BY depth DESC, pos DESC LIMIT 1`.execute(db)
      return rows[0]
    },

    async firstAfter(room, pos) {
      const { rows } = await sql<Topological>`
        SELECT depth, pos FROM events WHERE room = ${room} AND pos > ${pos}
        ORDER BY depth, pos LIMIT 1`.execute(db)
      return rows[0]
    },

    async txnIds(device, positions) {
      const { rows } = await sql<{ pos: number; id: string }>`
        SELECT pos, id FROM txns
        WHERE device = ${device} AND pos = ANY(${positions}::bigint[])`.execute(db)
      return new Map(rows.map((row) => [row.pos, row.id]))
    },

    async txnEvent(device, key) {
      const { rows } = await sql<{ event_id: string }>`
        SELECT e.event_id FROM txns t JOIN events e ON e.pos = t.pos
        WHERE t.device = ${device} AND t.key = ${key}`.execute(db)
      return rows[0] && parseEventId(rows[0].event_id)
    },
  }
}
