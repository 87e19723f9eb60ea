import type { LogReads } from '#log/reads.ts'
import type { AppendItem, EventRef, Log, RoomKey, StoredEvent, UserKey } from '#log/types.ts'
import { EventFlag } from '#log/types.ts'
import { notFound } from '#matrix/errors.ts'
import type { EventId, RoomId } from '#matrix/ids.ts'
import type { Clock } from '#platform/clock.ts'
import type { JoinedRoom } from '#services/joined-room/index.ts'
import { fullyReadContent, fullyReadEventId } from './fully-read.ts'
import { requireThread } from './thread.ts'

/** `m.read` everybody in the room sees, `m.read.private` only its author. */
export type ReceiptType = 'm.read' | 'm.read.private'

/** What `/read_markers` can set at once. */
export interface Markers {
  readonly fullyRead?: EventId | undefined
  readonly read?: EventId | undefined
  readonly readPrivate?: EventId | undefined
}

export interface ReceiptsDeps {
  readonly clock: Pick<Clock, 'now'>
  readonly log: Pick<Log, 'append'>
  readonly reads: Pick<LogReads, 'eventById' | 'eventsById' | 'accountData'>
  readonly joinedRoom: JoinedRoom
}

/**
 * How far users have read. Receipts only move forward; one behind the known place changes nothing.
 * https://spec.matrix.org/v1.19/client-server-api/#receipts
 */
export class Receipts {
  readonly #deps: ReceiptsDeps

  constructor(deps: ReceiptsDeps) {
    this.#deps = deps
  }

  /**
   * Marks everything up to an event as read.
   * @param threadId `main`, or the event ID of a thread's root; undefined: all threads at once
   * @throws {MatrixError} 403 for somebody who has not joined the room, 404 for an event that is not
   * in the room, 400 `M_INVALID_PARAM` for a thread to which the event does not belong
   */
  async set(
    user: UserKey,
    roomId: RoomId,
    type: ReceiptType,
    eventId: EventId,
    threadId?: string,
  ): Promise<void> {
    const room = await this.#deps.joinedRoom.require(user, roomId)
    const event = await this.#event(room.key, eventId)
    if (threadId !== undefined) await requireThread(this.#deps.reads, event, threadId)
    await this.#deps.log.append([this.#receipt(user, room.key, type, event, threadId)])
  }

  /**
   * Sets the fully read marker and unthreaded receipts, all of them or none.
   * @throws {MatrixError} like {@link set}
   */
  async setMarkers(user: UserKey, roomId: RoomId, markers: Markers): Promise<void> {
    const room = (await this.#deps.joinedRoom.require(user, roomId)).key
    const items: AppendItem[] = []
    if (markers.fullyRead !== undefined) {
      const event = await this.#event(room, markers.fullyRead)
      if (await this.#isAhead(user, room, event)) {
        const content = fullyReadContent(event.eventId)
        items.push({ kind: 'account_data', user, room, type: 'm.fully_read', content })
      }
    }
    const receipts = { 'm.read': markers.read, 'm.read.private': markers.readPrivate } as const
    for (const type of ['m.read', 'm.read.private'] as const) {
      const eventId = receipts[type]
      if (eventId === undefined) continue
      items.push(this.#receipt(user, room, type, await this.#event(room, eventId), undefined))
    }
    if (items.length > 0) await this.#deps.log.append(items)
  }

  async #event(room: RoomKey, eventId: EventId): Promise<StoredEvent> {
    const event = await this.#deps.reads.eventById(eventId)
    const hidden = EventFlag.rejected | EventFlag.softFailed | EventFlag.outlier
    if (event === undefined || event.room !== room || (event.flags & hidden) !== 0) {
      throw notFound('The event is not in this room.')
    }
    return event
  }

  #receipt(
    user: UserKey,
    room: RoomKey,
    type: ReceiptType,
    event: StoredEvent,
    threadId: string | undefined,
  ): AppendItem {
    const ref: EventRef = { eventId: event.eventId, depth: event.depth, pos: event.pos }
    return { kind: 'receipt', room, user, type, threadId, event: ref, ts: this.#deps.clock.now() }
  }

  /** The marker never goes back, whichever device is late. */
  async #isAhead(user: UserKey, room: RoomKey, event: StoredEvent): Promise<boolean> {
    const stored = await this.#deps.reads.accountData(user, room, 'm.fully_read')
    const eventId = stored === undefined ? undefined : fullyReadEventId(stored.content)
    if (eventId === undefined) return true
    const marked = await this.#deps.reads.eventById(eventId)
    return marked === undefined || marked.pos < event.pos
  }
}

/** Makes the service. */
export function createReceipts(deps: ReceiptsDeps): Receipts {
  return new Receipts(deps)
}
