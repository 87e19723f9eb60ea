import type { Statement } from '#db/pipelined-client.ts'
import { asRoomKey } from '../keys.ts'
import type { Reader } from '../read/connections.ts'
import type { LogEntry, RoomKey } from '../types.ts'
import { TrackedCache } from './tracked-cache.ts'
import { isLive } from './is-live.ts'

const HEADS: Statement = {
  name: 'room_heads',
  text: `SELECT s.last_pos AS up_to, r.key, r.last_pos, r.notify_seq
    FROM stream s LEFT JOIN rooms r ON r.key = ANY ($1::bigint[])`,
}

interface HeadRow {
  readonly up_to: number
  readonly key: number | null
  readonly last_pos: number
  readonly notify_seq: number
}

/** A room's last live event, and how many of its events notify. */
export interface RoomHead {
  lastPos: number
  notifySeq: number
}

const MOST_ROOMS = 200_000

/** Where rooms stand, in memory. */
export class RoomHeads extends TrackedCache<RoomKey, RoomHead> {
  constructor(deps: { reader: Reader; reach(pos: number): Promise<void> }) {
    super({
      max: MOST_ROOMS,
      reach: (pos) => deps.reach(pos),
      async load(rooms) {
        const rows = await deps.reader.query<HeadRow>(HEADS, [rooms])
        const values = new Map<RoomKey, RoomHead>()
        for (const row of rows) {
          if (row.key === null) continue
          values.set(asRoomKey(row.key), { lastPos: row.last_pos, notifySeq: row.notify_seq })
        }
        return { values, upTo: rows[0]?.up_to ?? 0 }
      },
    })
  }

  apply(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      if (entry.kind !== 'event' || !isLive(entry)) continue
      this.update(entry.event.room, entry.pos, (head) => {
        head.lastPos = entry.pos
        head.notifySeq = Math.max(head.notifySeq, entry.event.notifySeq)
      })
    }
  }
}
