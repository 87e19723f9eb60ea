import type { RoomEvent } from '#matrix/events/pdu.ts'
import { parseEventId, parseRoomId, parseUserId, type EventId } from '#matrix/ids.ts'
import type { JsonObject } from '#matrix/json.ts'
import type { OpenLog } from '#log/index.ts'
import type { Placer } from '../placement/placer.ts'
import { DagRoom } from './dag-room.ts'

const CREATOR = parseUserId('@creator:a.org')
const ROOM = parseRoomId('!small:a.org')

interface Draft {
  readonly type?: string
  readonly stateKey?: string
  readonly content?: JsonObject
  readonly ts?: number
}

/** A room with a creator that events are added to by hand. */
export class SmallRoom {
  readonly dag: DagRoom
  /** The last event of the beginning. */
  readonly start: EventId
  readonly #auth: readonly EventId[]

  private constructor(dag: DagRoom, start: EventId, auth: readonly EventId[]) {
    this.dag = dag
    this.start = start
    this.#auth = auth
  }

  static async make(log: OpenLog, placer: Placer): Promise<SmallRoom> {
    const dag = await DagRoom.make(log, '11')
    const events = [
      eventOf('create', [], [], { type: 'm.room.create', stateKey: '', content: {} }),
      eventOf('join', ['create'], ['create'], {
        type: 'm.room.member',
        stateKey: CREATOR,
        content: { membership: 'join' },
      }),
      eventOf('levels', ['join'], ['create', 'join'], {
        type: 'm.room.power_levels',
        stateKey: '',
        content: { users: { [CREATOR]: 100 } },
      }),
    ]
    for (const event of events) await dag.add(placer, event)
    return new SmallRoom(
      dag,
      idOf('levels'),
      events.map((event) => event.eventId),
    )
  }

  /** An event of the creator's. */
  event(name: string, parents: readonly EventId[], draft: Draft = {}): RoomEvent {
    return { ...eventOf(name, [], [], draft), prevEvents: parents, authEvents: this.#auth }
  }

  topic(name: string, parents: readonly EventId[], ts = 1): RoomEvent {
    const content = { topic: name }
    return this.event(name, parents, { type: 'm.room.topic', stateKey: '', content, ts })
  }
}

function idOf(name: string): EventId {
  return parseEventId(`$${name}`.padEnd(44, '_'))
}

function eventOf(
  name: string,
  parents: readonly string[],
  auth: readonly string[],
  draft: Draft,
): RoomEvent {
  return {
    eventId: idOf(name),
    roomId: ROOM,
    type: draft.type ?? 'm.room.message',
    stateKey: draft.stateKey,
    sender: CREATOR,
    content: draft.content ?? {},
    originServerTs: draft.ts ?? 1,
    depth: 1,
    prevEvents: parents.map(idOf),
    authEvents: auth.map(idOf),
    redacts: undefined,
    rejected: false,
  }
}
