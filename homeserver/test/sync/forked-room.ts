import type { OpenLog } from '#log/index.ts'
import { testLog } from '#log/test-support/test-logs.ts'
import { parseEventId, parseRoomId, parseUserId, type EventId, type RoomId } from '#matrix/ids.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import type { JsonObject } from '#matrix/json.ts'
import { createRoomStates } from '#room-state/index.ts'
import type { CheckedEvent, Placer } from '#room-state/placement/placer.ts'
import { DagRoom } from '#room-state/test-support/dag-room.ts'
import type { RoomStates } from '#room-state/types.ts'
import type { TestServer } from '../harness/server.ts'
import type { TestUser } from '../harness/user.ts'

interface Draft {
  readonly type?: string
  readonly stateKey?: string
  readonly content?: JsonObject
  /** Of two that set one key, with the same power, the later wins. */
  readonly ts?: number
}

/** A room of a test server into which another worker places events, wherever they belong. */
export class ForkedRoom implements AsyncDisposable {
  readonly #log: OpenLog
  readonly #states: RoomStates & { readonly placer: Placer }
  readonly #server: TestServer
  readonly #dag: DagRoom
  readonly #roomId: RoomId
  #count = 0

  private constructor(server: TestServer, log: OpenLog, dag: DagRoom, roomId: RoomId) {
    this.#server = server
    this.#log = log
    this.#states = createRoomStates(log)
    this.#dag = dag
    this.#roomId = roomId
  }

  static async of(server: TestServer, room: string): Promise<ForkedRoom> {
    const log = await testLog(server.databaseUrl)
    const roomId = parseRoomId(room)
    const found = await log.dictionary.room(roomId)
    if (found === undefined) throw new RangeError(`${room} is not there.`)
    return new ForkedRoom(server, log, DagRoom.of(log, found), roomId)
  }

  /** The room's extremities. */
  async tips(): Promise<EventId[]> {
    await this.#log.log.catchUp()
    const { extremities } = await this.#states.context(this.#dag.key)
    return extremities.map(({ eventId }) => eventId)
  }

  async message(sender: TestUser, body: string, parents: readonly string[]): Promise<EventId> {
    return await this.place(sender, parents, { content: { msgtype: 'm.text', body } })
  }

  /** Places an event, as it would come from another server. */
  async place(sender: TestUser, parents: readonly string[], draft: Draft): Promise<EventId> {
    const event = await this.event(sender, parents, draft)
    await this.add(event)
    return event.eventId
  }

  /** Stores an event of which nothing is known but that it exists. */
  async outlier(sender: TestUser, parents: readonly string[], draft: Draft): Promise<RoomEvent> {
    const event = await this.event(sender, parents, draft)
    const prev = this.#dag.at(event.prevEvents)
    await this.#states.placer.appendOutlier(this.#dag.key, prev, await this.#dag.checked(event))
    return event
  }

  async add(event: RoomEvent, extra: Partial<CheckedEvent> = {}): Promise<void> {
    const pos = await this.#dag.add(this.#states.placer, event, extra)
    if (pos === undefined) throw new Error('the room has moved on')
    await this.#server.ctx.log.catchUp()
  }

  async event(sender: TestUser, parents: readonly string[], draft: Draft): Promise<RoomEvent> {
    await this.#log.log.catchUp()
    const auth = [
      await this.#current('m.room.create', ''),
      await this.#current('m.room.power_levels', ''),
      await this.#current('m.room.member', sender.userId),
    ].flatMap((id) => id ?? [])
    const prevEvents = parents.map(parseEventId)
    await this.#find([...prevEvents, ...auth])
    return {
      eventId: parseEventId(`$forked${this.#count++}`.padEnd(44, '_')),
      roomId: this.#roomId,
      type: draft.type ?? 'm.room.message',
      stateKey: draft.stateKey,
      sender: parseUserId(sender.userId),
      content: draft.content ?? {},
      originServerTs: draft.ts ?? 1,
      depth: 100 + this.#count,
      prevEvents,
      authEvents: auth,
      redacts: undefined,
      rejected: false,
    }
  }

  async #current(type: string, stateKey: string): Promise<EventId | undefined> {
    return (await this.#states.currentOf(this.#dag.key, type, stateKey))?.eventId
  }

  async #find(ids: readonly EventId[]): Promise<void> {
    const found = await this.#log.reads.eventsById(ids)
    for (const [id, { pos }] of found) this.#dag.positions.set(id, pos)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#log[Symbol.asyncDispose]()
  }
}
