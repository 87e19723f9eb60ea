import type { DatabaseDictionary } from '../dictionary/dictionary.ts'
import { clientForm } from '../client-form.ts'
import {
  EventFlag,
  type EventEntry,
  type EventItem,
  type LogEntry,
  type RoomInfo,
  type StoredEvent,
} from '../types.ts'
import type { Batch } from './encode.ts'
import { Outcome, type AppendResult } from './statement.ts'

/**
 * The entries of this worker's own batch, exactly as the tail would read them back. Undefined when
 * a room is not in the cache; then the tail has to.
 */
export function ownEntries(
  batch: Batch,
  result: AppendResult,
  dictionary: DatabaseDictionary,
): LogEntry[] | undefined {
  for (const item of batch.rooms) {
    if (result.outcomes[item.g - 1] === Outcome.ok) {
      dictionary.addRoom({ key: item.room, roomId: item.roomId, version: item.version })
    }
  }
  const entries: LogEntry[] = []
  for (const [index, item] of batch.events.entries()) {
    const pos = result.events.pos[index]
    if (pos === undefined || pos <= result.base) continue
    const room = dictionary.cachedRoom(item.room)
    if (room === undefined) return undefined
    entries.push(eventEntry(item, pos, index, result, room))
  }
  for (const [index, item] of batch.receipts.entries()) {
    const pos = result.receipts[index]
    const eventPos = item.event.pos
    if (pos === undefined || eventPos === undefined) continue
    const { room, user, type, threadId, ts } = item
    const eventId = item.event.eventId
    entries.push({ kind: 'receipt', pos, room, user, type, threadId, eventId, eventPos, ts })
  }
  for (const [index, item] of batch.accountData.entries()) {
    const pos = result.accountData[index]
    if (pos === undefined) continue
    const { user, room, type, content } = item
    entries.push({ kind: 'account_data', pos, user, room, type, content })
  }
  const reached = new Set(result.inboxes)
  for (const [index, item] of batch.toDevice.entries()) {
    const pos = result.toDevice[index]
    if (pos === undefined) continue
    const devices = Array.from(item.messages.keys()).filter((device) => reached.has(device))
    devices.sort((a, b) => a - b)
    if (devices.length > 0) entries.push({ kind: 'to_device', pos, devices })
  }
  for (const [index, item] of batch.invalidations.entries()) {
    const pos = result.invalidations[index]
    if (pos === undefined) continue
    entries.push({ kind: 'invalidation', pos, what: item.what, key: item.key })
  }
  return entries
}

function eventEntry(
  item: EventItem,
  pos: number,
  index: number,
  { events }: AppendResult,
  room: RoomInfo,
): EventEntry {
  const line = events.line[index]
  const idx = events.idx[index]
  const event: StoredEvent = {
    pos,
    room: item.room,
    eventId: item.ref.eventId,
    type: item.type,
    stateKey: item.stateKey,
    sender: item.sender,
    senderId: item.senderId,
    depth: item.ref.depth,
    ts: item.ts,
    flags: item.flags,
    point: line === undefined || idx === undefined ? undefined : { line, idx },
    notifySeq: events.seq[index] ?? 0,
    thread: item.thread?.pos,
    redactedBy: undefined,
    json: item.json,
    contentAt: item.contentAt,
    contentEnd: item.contentEnd,
  }
  const accepted = (item.flags & (EventFlag.rejected | EventFlag.softFailed)) === 0
  return {
    kind: 'event',
    pos,
    event,
    client: clientForm(event, room.version),
    membership: accepted ? item.membership : undefined,
    redacts: events.redacted[index],
    replaces: events.replaces[index],
    relatesTo: item.relation?.eventId,
    highlights: Array.from(new Set(item.highlights)).sort((a, b) => a - b),
    prev: item.prev.map((ref) => ref.pos).filter((parent) => parent !== undefined),
    txn: item.txn && { device: item.txn.device, id: item.txn.id },
  }
}
