import { LRUCache } from 'lru-cache'
import { upTo } from '#log/caches/up-to.ts'
import type { LogReads } from '#log/reads.ts'
import type { EventRef, RoomKey, StoredEvent } from '#log/types.ts'
import { forbidden, MatrixError, notFound } from '#matrix/errors.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { relationOf } from '#matrix/events/relation.ts'
import type { EventId } from '#matrix/ids.ts'
import { isJsonObject, type JsonObject } from '#matrix/json.ts'

const THREAD = 'm.thread'
/** Thread membership of an event never changes, so it is remembered. */
const REMEMBERED = 10_000

/** Finds the thread that an event belongs to. */
export class Threads {
  readonly #reads: LogReads
  // by room too: an event of one room is nothing that another's could relate to
  readonly #roots = new LRUCache<string, EventRef>(upTo(REMEMBERED))
  readonly #rootOfMember = new LRUCache<string, EventRef>(upTo(REMEMBERED))

  constructor(reads: LogReads) {
    this.#reads = reads
  }

  /**
   * The root of the thread: named by `m.thread`, or that of the event it relates to otherwise
   * (an edit of or a reaction to a threaded event is in the thread, too).
   * @throws {MatrixError} 400 `M_UNKNOWN` for a thread that starts at an event with a relation
   */
  async rootOf(room: RoomKey, content: JsonObject): Promise<EventRef | undefined> {
    const relation = relationOf(content)
    if (relation === undefined) return undefined
    const cache = relation.type === THREAD ? this.#roots : this.#rootOfMember
    const key = `${room} ${relation.eventId}`
    const known = cache.get(key)
    if (known !== undefined) return known
    const target = await this.#reads.eventById(relation.eventId)
    if (target === undefined || target.room !== room) return undefined
    const root = relation.type === THREAD ? asRoot(target) : await this.#threadOf(target)
    if (root !== undefined) cache.set(key, root)
    return root
  }

  /** Forgets everything: the log continues from another history. */
  clear(): void {
    this.#roots.clear()
    this.#rootOfMember.clear()
  }

  async #threadOf(event: StoredEvent): Promise<EventRef | undefined> {
    if (event.thread === undefined) return undefined
    const roots = await this.#reads.eventsByPos([event.thread])
    const root = roots.get(event.thread)
    return root && refOf(root)
  }
}

/** @throws {MatrixError} 400, see {@link Threads.rootOf} */
function asRoot(event: StoredEvent): EventRef {
  const content = parseJson(event.json.slice(event.contentAt, event.contentEnd))
  const isChild =
    event.redactedBy === undefined && isJsonObject(content) && relationOf(content) !== undefined
  if (isChild) {
    throw new MatrixError(400, 'M_UNKNOWN', 'A thread cannot start at an event with a relation.')
  }
  return refOf(event)
}

/** The event that a redaction is about. */
export interface RedactionTarget {
  readonly ref: EventRef
  readonly event: StoredEvent
}

/**
 * @throws {MatrixError} 404 when the room has no such event, 403 for what must not be redacted
 */
export async function redactionTarget(
  reads: LogReads,
  room: RoomKey,
  eventId: EventId,
): Promise<RedactionTarget> {
  const event = await reads.eventById(eventId)
  if (event === undefined || event.room !== room) throw notFound('The event is not in this room.')
  if (event.type === 'm.room.create') throw forbidden('A create event cannot be redacted.')
  return { ref: refOf(event), event }
}

const refOf = (event: StoredEvent): EventRef => ({
  eventId: event.eventId,
  depth: event.depth,
  pos: event.pos,
})
