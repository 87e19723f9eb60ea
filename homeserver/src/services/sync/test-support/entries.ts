import { asRoomKey, asUserKey } from '#log/keys.ts'
import type { EventEntry, StoredEvent } from '#log/types.ts'
import { isJsonObject, type JsonObject } from '#matrix/json.ts'
import { parseEventId, parseUserId } from '#matrix/ids.ts'

export interface EntryInit {
  readonly type?: string
  readonly stateKey?: string
  readonly sender?: string
  readonly content?: JsonObject
  readonly depth?: number
  readonly flags?: number
  /** State changes of the room up to and including the event. */
  readonly idx?: number
  readonly replaces?: number
}

/** An event of the log, as the tail would deliver it. */
export function entry(pos: number, init: EntryInit = {}): EventEntry {
  const event = storedEvent(pos, init)
  return {
    kind: 'event',
    pos,
    event,
    client: '{}',
    membership: undefined,
    redacts: undefined,
    replaces: init.replaces,
    highlights: [],
    txn: undefined,
  }
}

export function storedEvent(pos: number, init: EntryInit = {}): StoredEvent {
  const content = JSON.stringify(init.content ?? { body: `message ${pos}` })
  const json = `{"content":${content}}`
  return {
    pos,
    room: asRoomKey(1),
    eventId: parseEventId(`$event${pos}:test`),
    type: init.type ?? 'm.room.message',
    stateKey: init.stateKey,
    sender: asUserKey(1),
    senderId: parseUserId(init.sender ?? '@alice:test'),
    depth: init.depth ?? pos,
    ts: 1_000 + pos,
    flags: init.flags ?? 0,
    point: { line: 1, idx: init.idx ?? 1 },
    notifySeq: pos,
    thread: undefined,
    redactedBy: undefined,
    json,
    contentAt: '{"content":'.length,
    contentEnd: json.length - 1,
  }
}

/** Parses a text of which the test knows that it is an object. */
export function parseObject(text: string): JsonObject {
  const value: unknown = JSON.parse(text)
  if (!isJsonObject(value)) throw new TypeError(`not an object: ${text}`)
  return value
}
