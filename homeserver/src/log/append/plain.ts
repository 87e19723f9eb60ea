import { EventFlag, type AppendItem, type EventItem, type EventRef } from '../types.ts'
import type { Batch } from './encode.ts'
import type { Pending } from './pending.ts'

/** A batch of nothing but plain messages, which the database can take without looking anything up. */
export interface PlainBatch {
  readonly items: readonly EventItem[]
  readonly batch: Batch
}

/**
 * The batch, when each group in it is one plain message: neither state nor redaction nor highlight,
 * on stored parents or on one message of the batch. Nearly all batches are.
 */
export function plainBatch(groups: readonly Pending[]): PlainBatch | undefined {
  const items: EventItem[] = []
  const earlier = new Set<EventRef>()
  for (const { group } of groups) {
    const [item] = group
    if (item === undefined || group.length > 1 || !isPlain(item, earlier)) return undefined
    items.push(item)
    earlier.add(item.ref)
  }
  const events = items.map((item, index) => ({ ...item, g: index + 1 }))
  return { items, batch: { groups, events, ...NOTHING_ELSE } }
}

const NOTHING_ELSE = {
  rooms: [],
  receipts: [],
  accountData: [],
  toDevice: [],
  invalidations: [],
} as const

const NOT_PLAIN_FLAGS = EventFlag.rejected | EventFlag.softFailed | EventFlag.outlier

function isPlain(item: AppendItem, earlier: ReadonlySet<EventRef>): item is EventItem {
  return (
    item.kind === 'event' &&
    item.stateKey === undefined &&
    item.redacts === undefined &&
    item.stateVersion !== undefined &&
    item.highlights.length === 0 &&
    (item.flags & NOT_PLAIN_FLAGS) === 0 &&
    item.auth.every(isStored) &&
    (item.thread === undefined || isStored(item.thread)) &&
    (item.prev.every(isStored) || isOneOf(earlier, item.prev))
  )
}

function isStored(ref: EventRef): boolean {
  return ref.pos !== undefined
}

function isOneOf(earlier: ReadonlySet<EventRef>, [parent, other]: readonly EventRef[]): boolean {
  return parent !== undefined && other === undefined && earlier.has(parent)
}
