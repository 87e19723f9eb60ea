import { parseJson } from '#matrix/events/parse-json.ts'
import { isUserId, parseEventId } from '#matrix/ids.ts'
import { isJsonObject, own } from '#matrix/json.ts'
import type { DatabaseDictionary } from '../dictionary/dictionary.ts'
import type { InternedNames } from '../dictionary/interned-names.ts'
import { clientForm } from '../client-form.ts'
import { asDeviceKey, asRoomKey, asUserKey } from '../keys.ts'
import { EventFlag, type EventEntry, type StoredEvent, type UserKey } from '../types.ts'
import { parseNumberArray } from '../append/array-literal.ts'
import type { EntryRow, EventRow } from './event-columns.ts'

/** Turns rows into events: looks up what their keys stand for, in the caches or the database. */
export class EventDecoder {
  readonly #dictionary: DatabaseDictionary
  readonly #names: InternedNames

  constructor(deps: { dictionary: DatabaseDictionary; names: InternedNames }) {
    this.#dictionary = deps.dictionary
    this.#names = deps.names
  }

  /** In the order of the rows. */
  async events(rows: readonly EventRow[]): Promise<StoredEvent[]> {
    if (rows.length === 0) return []
    const senders = await this.#dictionary.usersByKey(
      distinct(rows, (row) => row.sender, asUserKey),
    )
    const names = await this.#namesOf(rows)
    return rows.map((row) => {
      const sender = senders.get(asUserKey(row.sender))
      const name = names(row)
      if (sender === undefined || name === undefined) {
        throw new TypeError(`Event ${row.pos} has an unknown sender, type or state key.`)
      }
      return {
        pos: row.pos,
        room: asRoomKey(row.room),
        eventId: parseEventId(row.event_id),
        type: name.type,
        stateKey: name.stateKey,
        sender: sender.key,
        senderId: sender.userId,
        depth: row.depth,
        ts: row.ts,
        flags: row.flags,
        point:
          row.line === null || row.sidx === null ? undefined : { line: row.line, idx: row.sidx },
        ...(row.now_line !== null &&
          row.now_idx !== null && { current: { line: row.now_line, idx: row.now_idx } }),
        notifySeq: row.notify_seq ?? 0,
        thread: row.thread ?? undefined,
        redactedBy: row.redacted_by ?? undefined,
        json: row.pdu,
        contentAt: row.c_at,
        contentEnd: row.c_end,
      }
    })
  }

  /** Entries as the tail delivers them, in the order of the rows. */
  async entries(rows: readonly EntryRow[]): Promise<EventEntry[]> {
    const events = await this.events(rows)
    const rooms = await this.#dictionary.roomsByKey(distinct(rows, (row) => row.room, asRoomKey))
    const members = await this.#dictionary.usersById(events.flatMap(memberId))
    const entries: EventEntry[] = []
    for (const [index, event] of events.entries()) {
      const row = rows[index]
      const room = rooms.get(event.room)
      if (row === undefined || room === undefined) {
        throw new TypeError(`Event ${event.pos} is in an unknown room.`)
      }
      const target = memberId(event).map((userId) => members.get(userId))[0]
      const reshapes = (event.flags & EventFlag.reshapes) !== 0
      entries.push({
        kind: 'event',
        pos: event.pos,
        event,
        client: clientForm(event, room.version),
        membership: target && { user: target.key, membership: membershipOf(event) },
        redacts: row.redacts ?? undefined,
        replaces: row.replaces ?? undefined,
        relatesTo: row.relates_to === null ? undefined : parseEventId(row.relates_to),
        highlights: userKeys(row.highlights),
        ...(reshapes && { members: userKeys(row.members) }),
        prev: parseNumberArray(row.prev).filter((pos) => pos !== undefined),
        txn:
          row.txn_device === null || row.txn_id === null
            ? undefined
            : { device: asDeviceKey(row.txn_device), id: row.txn_id },
      })
    }
    return entries
  }

  async #namesOf(rows: readonly EventRow[]) {
    const types = distinct(rows, (row) => row.type).filter(
      (key) => this.#names.typeOf(key) === undefined,
    )
    if (types.length > 0) await this.#names.loadTypes(types)
    const keys = distinct(rows, (row) => row.state_key ?? undefined).filter(
      (key) => this.#names.stateKeyOf(key) === undefined,
    )
    if (keys.length > 0) await this.#names.loadStateKeys(keys)
    return (row: EventRow): { type: string; stateKey: string | undefined } | undefined => {
      if (row.state_key !== null) return this.#names.stateKeyOf(row.state_key)
      const type = this.#names.typeOf(row.type)
      return type === undefined ? undefined : { type, stateKey: undefined }
    }
  }
}

/** Whose membership an accepted member event sets: no or one user. */
function memberId(event: StoredEvent) {
  const failed = (event.flags & (EventFlag.rejected | EventFlag.softFailed)) !== 0
  if (event.type !== 'm.room.member' || failed || event.stateKey === undefined) return []
  return isUserId(event.stateKey) ? [event.stateKey] : []
}

function membershipOf(event: StoredEvent): string {
  const content = parseJson(event.json.slice(event.contentAt, event.contentEnd))
  const membership = isJsonObject(content) ? own(content, 'membership') : undefined
  return typeof membership === 'string' ? membership : 'leave'
}

function userKeys(literal: string | null): UserKey[] {
  return parseNumberArray(literal).flatMap((key) => (key === undefined ? [] : [asUserKey(key)]))
}

function distinct<Row>(rows: readonly Row[], key: (row: Row) => number | undefined): number[]
function distinct<Row, Key>(
  rows: readonly Row[],
  key: (row: Row) => number | undefined,
  brand: (key: number) => Key,
): Key[]
function distinct<Row>(
  rows: readonly Row[],
  key: (row: Row) => number | undefined,
  brand: (key: number) => unknown = (value) => value,
): unknown[] {
  const keys = new Set<number>()
  for (const row of rows) {
    const value = key(row)
    if (value !== undefined) keys.add(value)
  }
  return Array.from(keys, brand)
}
