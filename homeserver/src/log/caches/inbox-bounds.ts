import type { Statement } from '#db/pipelined-client.ts'
import { asDeviceKey } from '../keys.ts'
import type { Reader } from '../read/connections.ts'
import type { DeviceKey, LogEntry } from '../types.ts'
import { TrackedCache } from './tracked-cache.ts'

const BOUNDS: Statement = {
  name: 'inbox_bounds',
  text: `SELECT s.last_pos AS up_to, d.device,
      (SELECT min(b.pos) FROM inbox b WHERE b.device = d.device) AS oldest,
      (SELECT max(b.pos) FROM inbox b WHERE b.device = d.device) AS newest
    FROM stream s CROSS JOIN unnest($1::bigint[]) AS d(device)`,
}

interface BoundsRow {
  readonly up_to: number
  readonly device: number
  readonly oldest: number | null
  readonly newest: number | null
}

/** All of a device's messages are within; an empty inbox has `newest` before `oldest`. */
export interface Bounds {
  oldest: number
  newest: number
}

const MOST_DEVICES = 200_000

/**
 * Between which positions the inbox of a device has something, in memory: so a sync without messages
 * asks no database. It may be wider than what is there, since another worker's deletions are not told.
 */
export class InboxBounds extends TrackedCache<DeviceKey, Bounds> {
  constructor(deps: { reader: Reader; reach(pos: number): Promise<void> }) {
    super({
      max: MOST_DEVICES,
      reach: (pos) => deps.reach(pos),
      async load(devices) {
        const rows = await deps.reader.query<BoundsRow>(BOUNDS, [devices])
        const values = new Map<DeviceKey, Bounds>()
        for (const { device, oldest, newest } of rows) {
          values.set(asDeviceKey(device), { oldest: oldest ?? Infinity, newest: newest ?? 0 })
        }
        return { values, upTo: rows[0]?.up_to ?? 0 }
      },
    })
  }

  apply(entries: readonly LogEntry[]): void {
    for (const entry of entries) {
      if (entry.kind !== 'to_device') continue
      for (const device of entry.devices) {
        this.update(device, entry.pos, (bounds) => {
          bounds.oldest = Math.min(bounds.oldest, entry.pos)
          bounds.newest = Math.max(bounds.newest, entry.pos)
        })
      }
    }
  }

  /** Notes that nothing is left up to a position. */
  emptied(device: DeviceKey, upTo: number): void {
    const bounds = this.peek(device)
    if (bounds === undefined) return
    bounds.oldest = bounds.newest <= upTo ? Infinity : Math.max(bounds.oldest, upTo + 1)
  }
}
