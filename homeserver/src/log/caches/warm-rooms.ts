import { LRUCache } from 'lru-cache'
import { upTo } from './up-to.ts'
import { clientForm } from '../client-form.ts'
import type { DatabaseDictionary } from '../dictionary/dictionary.ts'
import type { EventId } from '#matrix/ids.ts'
import { EventFlag, type EventEntry, type LogEntry, type RoomKey } from '../types.ts'
import { isLive } from './is-live.ts'

/** The newest events of a room: all live ones after `floor`, oldest first. */
interface WarmRoom {
  floor: number
  events: EventEntry[]
  bytes: number
}

const MOST_EVENTS = 100
const EMPTY_BYTES = 300
/** Events that something lately related to: what is being read may not know it yet. */
const MOST_RELATED = 2000
/** Objects, ids and keys of one entry, beside its two texts. */
const ENTRY_BYTES = 700

/** The last events of the rooms where something happens, with their client forms; bounded by bytes. */
export class WarmRooms {
  readonly #dictionary: Pick<DatabaseDictionary, 'cachedRoom'>
  readonly #rooms: LRUCache<RoomKey, WarmRoom>
  readonly #related = new LRUCache<EventId, true>(upTo(MOST_RELATED))
  #redactions = 0
  /** No event after this was in memory and is no more. */
  #evictedUpTo = 0

  constructor(deps: { dictionary: Pick<DatabaseDictionary, 'cachedRoom'>; maxBytes: number }) {
    this.#dictionary = deps.dictionary
    this.#rooms = new LRUCache({
      maxSize: deps.maxBytes,
      maxEntrySize: deps.maxBytes,
      sizeCalculation: (room) => room.bytes,
      dispose: ({ events }, _room, reason) => {
        if (reason !== 'evict') return
        this.#evictedUpTo = Math.max(this.#evictedUpTo, events.at(-1)?.pos ?? 0)
      },
    })
  }

  apply(entries: readonly LogEntry[]): void {
    const touched = new Map<RoomKey, WarmRoom>()
    for (const entry of entries) {
      if (entry.kind !== 'event') continue
      const { room } = entry.event
      if (entry.redacts !== undefined) this.#redact(room, entry.redacts, entry.event.pos)
      if (entry.relatesTo !== undefined) {
        this.#relate(touched.get(room) ?? this.#rooms.peek(room), entry.relatesTo)
      }
      if (!isLive(entry)) continue
      const warm = touched.get(room) ??
        this.#rooms.peek(room) ?? { floor: entry.pos - 1, events: [], bytes: EMPTY_BYTES }
      warm.events.push(entry)
      warm.bytes += bytesOf(entry)
      touched.set(room, warm)
    }
    for (const [room, warm] of touched) this.#keep(room, warm)
  }

  /**
   * The newest `limit` events in `(after, upTo]`, oldest first; undefined when memory does not
   * reach back far enough to tell.
   */
  tail(
    room: RoomKey,
    range: { after: number; upTo: number; limit: number },
  ): { events: EventEntry[]; limited: boolean } | undefined {
    const warm = this.#rooms.get(room)
    if (warm === undefined) return undefined
    const inRange = warm.events.filter((e) => e.pos > range.after && e.pos <= range.upTo)
    const limited = inRange.length > range.limit
    if (!limited && warm.floor > range.after) return undefined
    return { events: limited ? inRange.slice(inRange.length - range.limit) : inRange, limited }
  }

  /**
   * The newest `limit` events up to a position, oldest first, whether or not there are older ones;
   * undefined when memory has fewer and does not reach back to the room's beginning.
   */
  newest(room: RoomKey, upTo: number, limit: number): EventEntry[] | undefined {
    const warm = this.#rooms.get(room)
    if (warm === undefined) return undefined
    const known = warm.events.filter((entry) => entry.pos <= upTo)
    if (known.length < limit && warm.floor > 0) return undefined
    return known.slice(Math.max(0, known.length - limit))
  }

  /** A live event by its own position, when it is in memory. */
  event(room: RoomKey, pos: number): EventEntry | undefined {
    return this.#rooms.peek(room)?.events.findLast((entry) => entry.event.pos === pos)
  }

  /** Changes with each redaction and history: take it before reading what {@link fill} is given. */
  get redactions(): number {
    return this.#redactions
  }

  /**
   * Puts events that were read in front of those in memory: all live ones in `(floor, upTo]`.
   * Nothing happens when something was redacted since, because it might be among them, or when
   * newer events came and were dropped again, which would then be missing behind these.
   */
  fill(
    room: RoomKey,
    read: { floor: number; upTo: number; events: readonly EventEntry[]; redactions: number },
  ): void {
    if (read.redactions !== this.#redactions) return
    const { floor, upTo, events } = read
    if (this.#evictedUpTo > upTo && !this.#rooms.has(room)) return
    const warm = this.#rooms.peek(room) ?? { floor: upTo, events: [], bytes: EMPTY_BYTES }
    if (warm.floor > upTo || warm.floor <= floor) return
    const older = events
      .filter((entry) => entry.pos <= warm.floor)
      .map((entry) => (this.#related.has(entry.event.eventId) ? asRelated(entry) : entry))
    const filled: WarmRoom = { floor, events: [...older, ...warm.events], bytes: warm.bytes }
    for (const entry of older) filled.bytes += bytesOf(entry)
    this.#keep(room, filled)
  }

  clear(): void {
    // what is being read may be of the history that is gone
    this.#redactions++
    this.#rooms.clear()
  }

  #keep(room: RoomKey, warm: WarmRoom): void {
    const surplus = warm.events.length - MOST_EVENTS
    if (surplus > 0) {
      for (const entry of warm.events.splice(0, surplus)) {
        warm.bytes -= bytesOf(entry)
        warm.floor = entry.pos
      }
    }
    this.#rooms.set(room, { ...warm })
  }

  #relate(warm: WarmRoom | undefined, target: EventId): void {
    this.#related.set(target, true)
    const index = warm?.events.findIndex((entry) => entry.event.eventId === target) ?? -1
    const entry = warm?.events[index]
    if (warm !== undefined && entry !== undefined) warm.events[index] = asRelated(entry)
  }

  #redact(room: RoomKey, target: number, by: number): void {
    this.#redactions++
    const version = this.#dictionary.cachedRoom(room)?.version
    const warm = this.#rooms.peek(room)
    const index = warm?.events.findIndex((entry) => entry.event.pos === target) ?? -1
    const entry = warm?.events[index]
    if (warm === undefined || entry === undefined) return
    if (version === undefined) {
      this.#rooms.delete(room)
      return
    }
    const flags = entry.event.flags | EventFlag.redacted
    const event = { ...entry.event, flags, redactedBy: by }
    warm.events[index] = { ...entry, event, client: clientForm(event, version) }
  }
}

function asRelated(entry: EventEntry): EventEntry {
  const { event } = entry
  if ((event.flags & EventFlag.related) !== 0) return entry
  return { ...entry, event: { ...event, flags: event.flags | EventFlag.related } }
}

function bytesOf(entry: EventEntry): number {
  return ENTRY_BYTES + entry.event.json.length + entry.client.length
}
