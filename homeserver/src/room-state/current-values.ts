import type { Statement } from '#db/pipelined-client.ts'
import { stateKeyString } from '#matrix/events/state-key.ts'
import type { StateKeyString } from '#matrix/events/pdu.ts'
import { EventFlag } from '#log/types.ts'
import { TrackedCache } from '#log/caches/tracked-cache.ts'
import type { EventEntry, RoomKey, RoomStateDeps } from './deps.ts'
import type { EventLoader } from './event-loader.ts'
import type { StateEvent } from './types.ts'

/** Positions of current state events, by room and interned key. */
const CURRENT_VALUES: Statement = {
  name: 'state_current_values',
  text: `SELECT s.last_pos AS up_to, w.room, w.type, w.state_key, rs.ev
    FROM stream s
    CROSS JOIN unnest($1::bigint[], $2::text[], $3::text[]) AS w(room, type, state_key)
    LEFT JOIN LATERAL (SELECT r.ev FROM event_types t
      JOIN state_keys k ON k.type = t.key AND k.state_key = w.state_key
      JOIN room_state r ON r.room = w.room AND r.key = k.key
      WHERE t.type = w.type) rs ON true`,
}

interface ValueRow {
  readonly up_to: number
  readonly room: number
  readonly type: string
  readonly state_key: string
  readonly ev: number | null
}

/** Position of the current event of one key; undefined when there is none. */
interface Value {
  ev: number | undefined
}

const MOST_VALUES = 100_000

/** Current state key by key: read when asked for, then kept current by the log. */
export class CurrentValues {
  readonly #values: TrackedCache<string, Value>
  readonly #loader: EventLoader
  /** How often a room's values had to be forgotten; part of their keys. */
  readonly #ages = new Map<RoomKey, number>()

  constructor(deps: { internals: RoomStateDeps['internals']; loader: EventLoader }) {
    const { reader } = deps.internals
    this.#loader = deps.loader
    this.#values = new TrackedCache({
      max: MOST_VALUES,
      reach: (pos) => deps.internals.reach(pos),
      async load(keys) {
        const parts = keys.map(splitKey)
        const rows = await reader.query<ValueRow>(CURRENT_VALUES, [
          parts.map(({ room }) => room),
          parts.map(({ type }) => type),
          parts.map(({ stateKey }) => stateKey),
        ])
        const found = new Map<string, number | undefined>()
        for (const { room, type, state_key, ev } of rows) {
          found.set(`${room}\0${stateKeyString(type, state_key)}`, ev ?? undefined)
        }
        const values = new Map<string, Value>()
        for (const [index, { room, type, stateKey }] of parts.entries()) {
          const key = keys[index] ?? ''
          values.set(key, { ev: found.get(`${room}\0${stateKeyString(type, stateKey)}`) })
        }
        return { values, upTo: rows[0]?.up_to ?? 0 }
      },
    })
  }

  async get(room: RoomKey, type: string, stateKey: string): Promise<StateEvent | undefined> {
    const key = stateKeyString(type, stateKey)
    return (await this.getMany(room, [key])).get(key)
  }

  /** Keys without an event are left out. */
  async getMany(
    room: RoomKey,
    keys: readonly StateKeyString[],
  ): Promise<Map<StateKeyString, StateEvent>> {
    const storable = keys.filter(isStorable)
    const valueKeys = new Map(storable.map((key) => [key, this.#valueKey(room, key)]))
    const values = await this.#values.getMany(Array.from(valueKeys.values()))
    const positions: number[] = []
    for (const { ev } of values.values()) if (ev !== undefined) positions.push(ev)
    const events = await this.#loader.byPos(positions)
    const found = new Map<StateKeyString, StateEvent>()
    for (const key of keys) {
      const event = events.get(values.get(valueKeys.get(key) ?? '')?.ev ?? 0)
      if (event !== undefined) found.set(key, event)
    }
    return found
  }

  apply({ event }: EventEntry): void {
    if ((event.flags & (EventFlag.rejected | EventFlag.softFailed)) !== 0) return
    if ((event.flags & EventFlag.reshapes) !== 0) {
      this.#ages.set(event.room, (this.#ages.get(event.room) ?? 0) + 1)
      return
    }
    if (event.stateKey === undefined) return
    const key = this.#valueKey(event.room, stateKeyString(event.type, event.stateKey))
    this.#values.update(key, event.pos, (value) => {
      value.ev = event.pos
    })
  }

  clear(): void {
    this.#values.clear()
  }

  #valueKey(room: RoomKey, key: StateKeyString): string {
    return `${room} ${this.#ages.get(room) ?? 0}\0${key}`
  }
}

/** No column holds a NUL beside the one that parts type and state key: there is no such event. */
function isStorable(key: StateKeyString): boolean {
  return key.indexOf('\0') === key.lastIndexOf('\0')
}

function splitKey(key: string): { room: number; type: string; stateKey: string } {
  const [room = '', type = '', ...stateKey] = key.split('\0')
  return { room: Number.parseInt(room), type, stateKey: stateKey.join('\0') }
}
