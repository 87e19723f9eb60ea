import { parseJson } from '#matrix/events/parse-json.ts'
import { parseEventId } from '#matrix/ids.ts'
import { isJsonObject, own, type JsonObject } from '#matrix/json.ts'
import { asDeviceKey, asRoomKey, asUserKey } from '../keys.ts'
import type { EventDecoder } from '../read/decode-events.ts'
import type {
  AccountDataEntry,
  InvalidationEntry,
  InvalidationItem,
  LogEntry,
  ReceiptEntry,
  ToDeviceEntry,
} from '../types.ts'
import type { TailRow } from './arms.ts'

/** Turns the tail's rows (without the head) into entries in position order. */
export async function decodeRows(
  rows: readonly TailRow[],
  decoder: EventDecoder,
): Promise<LogEntry[]> {
  const entries: LogEntry[] = []
  const eventRows: TailRow[] = []
  for (const row of rows) {
    if (row.kind === 'event' || row.kind === 'late') eventRows.push(row)
    else entries.push(decodeData(row))
  }
  for (const [index, entry] of (await decoder.entries(eventRows)).entries()) {
    const row = eventRows[index]
    entries.push(row?.kind === 'late' ? { ...entry, pos: Number(row.data) } : entry)
  }
  return entries.sort((a, b) => a.pos - b.pos)
}

function decodeData(row: TailRow): LogEntry {
  const data = parseJson(row.data ?? '')
  if (!isJsonObject(data)) throw new TypeError(`Row ${row.pos} of the log has no data.`)
  switch (row.kind) {
    case 'receipt':
      return receipt(row.pos, data)
    case 'account_data':
      return accountData(row.pos, data)
    case 'to_device':
      return toDevice(row.pos, data)
    case 'invalidation':
      return invalidation(row.pos, data)
    default:
      throw new TypeError(`Row ${row.pos} of the log is of an unknown kind: ${row.kind}`)
  }
}

function receipt(pos: number, data: JsonObject): ReceiptEntry {
  return {
    kind: 'receipt',
    pos,
    room: asRoomKey(number(data, 'room')),
    user: asUserKey(number(data, 'user')),
    type: text(data, 'type'),
    threadId: text(data, 'thread') || undefined,
    eventId: parseEventId(text(data, 'eventId')),
    eventPos: number(data, 'eventPos'),
    ts: number(data, 'ts'),
  }
}

function accountData(pos: number, data: JsonObject): AccountDataEntry {
  const room = number(data, 'room')
  return {
    kind: 'account_data',
    pos,
    user: asUserKey(number(data, 'user')),
    room: room === 0 ? undefined : asRoomKey(room),
    type: text(data, 'type'),
    content: text(data, 'content'),
  }
}

function toDevice(pos: number, data: JsonObject): ToDeviceEntry {
  const devices = own(data, 'devices')
  if (!Array.isArray(devices)) throw new TypeError('devices is not a list')
  return { kind: 'to_device', pos, devices: devices.map((key) => asDeviceKey(Number(key))) }
}

function invalidation(pos: number, data: JsonObject): InvalidationEntry {
  return { kind: 'invalidation', pos, what: what(text(data, 'what')), key: text(data, 'key') }
}

function what(kind: string): InvalidationItem['what'] {
  if (kind === 'device' || kind === 'user' || kind === 'registration') return kind
  throw new TypeError(`Unknown kind of invalidation: ${kind}`)
}

function number(data: JsonObject, key: string): number {
  const value = own(data, key)
  if (typeof value !== 'number') throw new TypeError(`${key} is not a number`)
  return value
}

function text(data: JsonObject, key: string): string {
  const value = own(data, key)
  if (typeof value !== 'string') throw new TypeError(`${key} is not a text`)
  return value
}
