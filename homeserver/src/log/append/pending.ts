import type { PlacedItem } from './placed/placed-item.ts'
import type { AppendItem, AppendOutcome, RoomKey } from '../types.ts'

/** A group in the queue, with what the batcher wants to know of it. */
export interface Pending {
  readonly group: readonly AppendItem[]
  /** An event that goes alone, by a function of its own; then the group is empty. */
  readonly placed?: PlacedItem
  /** The room of its events; undefined when it has none. */
  readonly room: RoomKey | undefined
  /** What no two groups of a batch may share. */
  readonly keys: readonly string[]
  readonly bytes: number
  /** Monotonic time after which the caller is told to try again. */
  readonly deadline: number
  readonly resolve: (outcome: AppendOutcome) => void
  readonly reject: (error: unknown) => void
}

/** About what an item's own columns weigh beside its text. */
const ITEM_BYTES = 200
const MESSAGE_BYTES = 20

/**
 * Looks a group over.
 * @throws {TypeError} when it is empty, its events are in several rooms, two items collide, or one that
 *   must be alone is not
 */
export function inspect(
  group: readonly AppendItem[],
): Pick<Pending, 'group' | 'room' | 'keys' | 'bytes'> {
  let room: RoomKey | undefined
  let bytes = 0
  const keys: string[] = []
  for (const item of group) {
    bytes += ITEM_BYTES
    if (item.kind === 'event') {
      if (room !== undefined && room !== item.room) {
        throw new TypeError('The events of an atomic group must be in one room.')
      }
      room = item.room
      bytes += item.json.length
    } else if (item.kind === 'account_data') {
      bytes += item.content.length
    } else if (item.kind === 'to_device') {
      if (group.length > 1) throw new TypeError('Messages to devices must be alone in their group.')
      for (const event of item.messages.values()) bytes += MESSAGE_BYTES + event.length
    }
    keys.push(...keysOf(item))
  }
  if (group.length === 0) throw new TypeError('An atomic group must have an item.')
  if (new Set(keys).size < keys.length) {
    throw new TypeError('An atomic group may not have two items with the same key.')
  }
  return { group, room, keys, bytes }
}

function keysOf(item: AppendItem): string[] {
  switch (item.kind) {
    case 'event':
      return item.txn === undefined
        ? [item.ref.eventId]
        : [item.ref.eventId, `t${item.txn.device} ${item.txn.key}`]
    case 'receipt':
      return [`c${item.room} ${item.user} ${item.type} ${item.threadId ?? ''}`]
    case 'account_data':
      return [`a${item.user} ${item.room ?? 0} ${item.type}`]
    case 'to_device':
      return [`t${item.txn.device} ${item.txn.key}`]
    case 'room':
      return [`n${item.room}`]
    case 'invalidation':
      return []
  }
}
