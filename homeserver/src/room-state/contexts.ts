import type { Statement } from '#db/pipelined-client.ts'
import { parseEventId } from '#matrix/ids.ts'
import { isJsonObject } from '#matrix/json.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { TrackedCache } from '#log/caches/tracked-cache.ts'
import { asRoomKey } from '#log/keys.ts'
import { EventFlag } from '#log/types.ts'
import type { EventEntry, Point, RoomKey, RoomStateDeps } from './deps.ts'
import type { Extremity } from './types.ts'

const CONTEXTS: Statement = {
  name: 'room_contexts',
  text: `SELECT s.last_pos AS up_to, r.key, r.state_version, r.line, r.idx,
      (SELECT json_agg(json_build_object('eventId', e.event_id, 'depth', e.depth, 'pos', e.pos,
        'line', e.line, 'idx', e.sidx)
        ORDER BY e.pos) FROM events e WHERE e.pos = ANY (r.extremities))::text AS extremities
    FROM stream s LEFT JOIN rooms r ON r.key = ANY ($1::bigint[])`,
}

interface ContextRow {
  readonly up_to: number
  readonly key: number | null
  readonly state_version: number
  readonly line: number
  readonly idx: number
  readonly extremities: string | null
}

/** Where a room stands; replaced as a whole with each event, so a reader may keep it. */
interface Standing {
  readonly extremities: readonly Extremity[]
  readonly stateVersion: number
  readonly point: Point
}

const MOST_ROOMS = 20_000

/** Extremities, state version and point of rooms, kept current by the log. */
export class Contexts {
  readonly #rooms: TrackedCache<RoomKey, { standing: Standing }>

  constructor(deps: RoomStateDeps['internals']) {
    this.#rooms = new TrackedCache({
      max: MOST_ROOMS,
      reach: (pos) => deps.reach(pos),
      async load(rooms) {
        const rows = await deps.reader.query<ContextRow>(CONTEXTS, [rooms])
        const values = new Map<RoomKey, { standing: Standing }>()
        for (const row of rows) {
          if (row.key === null) continue
          values.set(asRoomKey(row.key), { standing: standingOf(row) })
        }
        return { values, upTo: rows[0]?.up_to ?? 0 }
      },
    })
  }

  async get(room: RoomKey): Promise<Standing | undefined> {
    return (await this.#rooms.get(room))?.standing
  }

  /** The standing when it is in memory. */
  peek(room: RoomKey): Standing | undefined {
    return this.#rooms.peek(room)?.standing
  }

  apply(entry: EventEntry): void {
    const { event } = entry
    if ((event.flags & (EventFlag.rejected | EventFlag.softFailed)) !== 0) return
    const reshapes = (event.flags & EventFlag.reshapes) !== 0
    if (reshapes || event.point === undefined || entry.prev === undefined) {
      this.#rooms.drop(event.room)
      return
    }
    const { point } = event
    const parents = new Set(entry.prev)
    const own: Extremity = { eventId: event.eventId, depth: event.depth, pos: event.pos, point }
    this.#rooms.update(event.room, entry.pos, (room) => {
      const { extremities, stateVersion } = room.standing
      const rest = extremities.filter(({ pos }) => pos === undefined || !parents.has(pos))
      room.standing = {
        extremities: [...rest, own],
        stateVersion: event.stateKey === undefined ? stateVersion : stateVersion + 1,
        point,
      }
    })
  }

  clear(): void {
    this.#rooms.clear()
  }
}

function standingOf(row: ContextRow): Standing {
  return {
    extremities: refs(row.extremities),
    stateVersion: row.state_version,
    point: { line: row.line, idx: row.idx },
  }
}

function refs(json: string | null): Extremity[] {
  const list = json === null ? [] : parseJson(json)
  if (!Array.isArray(list)) throw new TypeError('The extremities are no list.')
  return list.map((ref) => {
    if (!isJsonObject(ref)) throw new TypeError('An extremity is no object.')
    const { eventId, depth, pos, line, idx } = ref
    if (typeof eventId !== 'string') throw new TypeError('An extremity has no id.')
    const point = { line: Number(line), idx: Number(idx) }
    return { eventId: parseEventId(eventId), depth: Number(depth), pos: Number(pos), point }
  })
}
