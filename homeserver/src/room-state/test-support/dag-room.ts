import type { RoomEvent } from '#matrix/events/pdu.ts'
import type { EventId, RoomId } from '#matrix/ids.ts'
import type { OpenLog } from '#log/index.ts'
import { EventFlag, type RoomInfo, type RoomKey } from '#log/types.ts'
import type { CheckedEvent, Placer } from '../placement/placer.ts'

/** A room that events are placed into, one by one, as from federation. */
export class DagRoom {
  readonly log: OpenLog
  readonly key: RoomKey
  readonly positions = new Map<EventId, number>()
  readonly #version: string

  private constructor(log: OpenLog, key: RoomKey, version: string) {
    this.log = log
    this.key = key
    this.#version = version
  }

  static async make(log: OpenLog, version: string): Promise<DagRoom> {
    return new DagRoom(log, await log.dictionary.reserveRoom(), version)
  }

  /** A room that is there already. */
  static of(log: OpenLog, room: RoomInfo): DagRoom {
    return new DagRoom(log, room.key, room.version.id)
  }

  /** Positions of events that are in. */
  at(ids: Iterable<EventId>): number[] {
    return Array.from(ids, (id) => {
      const pos = this.positions.get(id)
      if (pos === undefined) throw new RangeError(`${id} is not stored.`)
      return pos
    })
  }

  async checked(event: RoomEvent, extra: Partial<CheckedEvent> = {}): Promise<CheckedEvent> {
    const { eventId, type, stateKey, sender, originServerTs, depth } = event
    const user = await this.log.dictionary.user(sender)
    const content = JSON.stringify(event.content)
    const before = '{"content":'
    const rest = JSON.stringify({
      auth_events: event.authEvents,
      depth,
      origin_server_ts: originServerTs,
      prev_events: event.prevEvents,
      room_id: event.roomId,
      sender,
      state_key: stateKey,
      type,
    })
    return {
      newRoom: undefined,
      ref: { eventId, depth, pos: undefined },
      type,
      stateKey,
      sender: user.key,
      senderId: sender,
      ts: originServerTs,
      flags: event.rejected ? EventFlag.rejected : 0,
      inLog: true,
      auth: this.at(event.authEvents),
      missing: [],
      redacts: undefined,
      thread: undefined,
      highlights: [],
      json: `${before}${content},${rest.slice(1)}`,
      contentAt: before.length,
      contentEnd: before.length + content.length,
      ...extra,
    }
  }

  /** Places and appends; the event's position, or undefined after a conflict. */
  async add(
    placer: Placer,
    event: RoomEvent,
    extra: Partial<CheckedEvent> = {},
  ): Promise<number | undefined> {
    const prev = this.at(event.prevEvents)
    const before =
      prev.length === 0
        ? await placer.received(this.key, [], new Map())
        : await placer.before(this.key, prev)
    const newRoom = prev.length === 0 ? this.#newRoom(event.roomId) : undefined
    const item = await this.checked(event, { newRoom, ...extra })
    const { outcome } = await placer.append(before, item)
    if (outcome !== 'ok' || item.ref.pos === undefined) return undefined
    this.positions.set(event.eventId, item.ref.pos)
    return item.ref.pos
  }

  #newRoom(roomId: RoomId) {
    return { roomId, version: this.#version }
  }
}
