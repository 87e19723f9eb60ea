import type { Statement } from '#db/pipelined-client.ts'
import type { InternedNames } from '../dictionary/interned-names.ts'
import type { EventItem, EventRef, ReceiptItem, AccountDataItem } from '../types.ts'
import type { InvalidationItem, RoomItem, ToDeviceItem } from '../types.ts'
import { numberArray } from './array-literal.ts'
import type { Pending } from './pending.ts'
import { APPEND, APPEND_EVENTS } from './statement.ts'
import { textArray } from './text-array.ts'

/** From here on a number in a list of positions is a reference to an event of the batch. */
const REF_BASE = 2 ** 52

/** All values of one kind, as a Postgres array: a literal or its binary form. */
type Column = string | Buffer

type InGroup<Item> = Item & { readonly g: number }

/** A batch's groups, and their items in the order of the answer. */
export interface Batch {
  readonly groups: readonly Pending[]
  readonly events: readonly InGroup<EventItem>[]
  readonly rooms: readonly InGroup<RoomItem>[]
  readonly receipts: readonly InGroup<ReceiptItem>[]
  readonly accountData: readonly InGroup<AccountDataItem>[]
  readonly toDevice: readonly InGroup<ToDeviceItem>[]
  readonly invalidations: readonly InGroup<InvalidationItem>[]
}

/** A batch, ready to be sent. */
export interface EncodedBatch extends Batch {
  readonly statement: Statement
  readonly values: readonly unknown[]
}

/**
 * Encodes a batch as the parameters of `hs_append`. Groups that refer to events that are neither
 * committed nor in the batch are left out: `unknown` has them.
 */
export function encodeBatch(
  batch: readonly Pending[],
  names: InternedNames,
  now: number,
): { encoded: EncodedBatch; unknown: Pending[] } {
  const refs = new BatchRefs()
  const groups: Pending[] = []
  const unknown: Pending[] = []
  for (const pending of batch) {
    if (refs.add(pending)) groups.push(pending)
    else unknown.push(pending)
  }
  const items = sortItems(groups)
  const events = eventColumns(items.events, refs, names)
  if (isOnlyEvents(items)) {
    const values = [now, groups.length, ...events]
    return { encoded: { groups, ...items, statement: APPEND_EVENTS, values }, unknown }
  }
  const values = [
    now,
    groups.length,
    ...roomColumns(items.rooms),
    ...events,
    ...highlightColumns(items.events),
    ...receiptColumns(items.receipts),
    ...accountDataColumns(items.accountData),
    ...toDeviceColumns(items.toDevice),
    numberArray(items.invalidations.map((item) => item.g)),
    textArray(items.invalidations.map((item) => item.what)),
    textArray(items.invalidations.map((item) => item.key)),
  ]
  return { encoded: { groups, ...items, statement: APPEND, values }, unknown }
}

function isOnlyEvents(items: ReturnType<typeof sortItems>): boolean {
  const { events, ...others } = items
  if (Object.values(others).some((list) => list.length > 0)) return false
  return events.every((item) => item.highlights.length === 0)
}

/** Numbers the batch's events, and translates references to them. */
class BatchRefs {
  readonly #ordinals = new Map<EventRef, number>()

  /** False when the group needs an event that is nowhere; then nothing is added. */
  add(pending: Pending): boolean {
    const before = this.#ordinals.size
    for (const item of pending.group) {
      if (item.kind === 'event') {
        const needed = [...item.prev, ...item.auth, item.redacts, item.thread]
        if (!needed.every((ref) => this.#isKnown(ref))) return this.#undo(before)
        this.#ordinals.set(item.ref, this.#ordinals.size + 1)
      } else if (item.kind === 'receipt' && item.event.pos === undefined) {
        return this.#undo(before)
      }
    }
    return true
  }

  /** Position, or reference into the batch. */
  code(ref: EventRef): number {
    return ref.pos ?? REF_BASE + (this.#ordinals.get(ref) ?? 0)
  }

  isInBatch(ref: EventRef): boolean {
    return ref.pos === undefined
  }

  #isKnown(ref: EventRef | undefined): boolean {
    return ref === undefined || ref.pos !== undefined || this.#ordinals.has(ref)
  }

  #undo(size: number): false {
    for (const [ref, ordinal] of this.#ordinals) if (ordinal > size) this.#ordinals.delete(ref)
    return false
  }
}

function sortItems(groups: readonly Pending[]) {
  const events: InGroup<EventItem>[] = []
  const rooms: InGroup<RoomItem>[] = []
  const receipts: InGroup<ReceiptItem>[] = []
  const accountData: InGroup<AccountDataItem>[] = []
  const toDevice: InGroup<ToDeviceItem>[] = []
  const invalidations: InGroup<InvalidationItem>[] = []
  for (const [index, { group }] of groups.entries()) {
    const g = index + 1
    for (const item of group) {
      if (item.kind === 'event') events.push({ ...item, g })
      else if (item.kind === 'room') rooms.push({ ...item, g })
      else if (item.kind === 'receipt') receipts.push({ ...item, g })
      else if (item.kind === 'account_data') accountData.push({ ...item, g })
      else if (item.kind === 'to_device') toDevice.push({ ...item, g })
      else invalidations.push({ ...item, g })
    }
  }
  return { events, rooms, receipts, accountData, toDevice, invalidations }
}

function roomColumns(rooms: readonly InGroup<RoomItem>[]): Column[] {
  return [
    numberArray(rooms.map((item) => item.g)),
    numberArray(rooms.map((item) => item.room)),
    textArray(rooms.map((item) => item.roomId)),
    textArray(rooms.map((item) => item.version)),
  ]
}

function eventColumns(
  events: readonly InGroup<EventItem>[],
  refs: BatchRefs,
  names: InternedNames,
): Column[] {
  const code = (ref: EventRef | undefined) => ref && refs.code(ref)
  const list = (all: readonly EventRef[]) => `{${all.map((ref) => refs.code(ref)).join(',')}}`
  const hasRefs = (all: readonly EventRef[], bit: number) =>
    all.some((ref) => refs.isInBatch(ref)) ? bit : 0
  return [
    numberArray(events.map((item) => item.g)),
    numberArray(events.map((item) => item.room)),
    textArray(events.map((item) => item.ref.eventId)),
    numberArray(events.map((item) => interned(names.typeKey(item.type)))),
    numberArray(events.map((item) => item.sender)),
    numberArray(
      events.map((item) =>
        item.stateKey === undefined
          ? undefined
          : interned(names.stateKeyKey(item.type, item.stateKey)),
      ),
    ),
    numberArray(events.map((item) => item.ref.depth)),
    numberArray(events.map((item) => item.ts)),
    numberArray(events.map((item) => item.flags)),
    numberArray(events.map((item) => item.stateVersion)),
    textArray(events.map((item) => list(item.prev))),
    textArray(events.map((item) => list(item.auth))),
    numberArray(events.map((item) => hasRefs(item.prev, 1) | hasRefs(item.auth, 2))),
    numberArray(events.map((item) => code(item.redacts))),
    numberArray(events.map((item) => code(item.thread))),
    numberArray(events.map((item) => item.membership?.user)),
    textArray(events.map((item) => item.membership?.membership)),
    numberArray(events.map((item) => item.txn?.device)),
    textArray(events.map((item) => item.txn?.key)),
    textArray(events.map((item) => item.txn?.id)),
    numberArray(events.map((item) => item.contentAt)),
    numberArray(events.map((item) => item.contentEnd)),
    textArray(events.map((item) => item.relation?.eventId)),
    textArray(events.map((item) => item.relation?.type)),
    textArray(events.map((item) => item.json)),
  ]
}

function highlightColumns(events: readonly EventItem[]): Column[] {
  const ordinals: number[] = []
  const users: number[] = []
  for (const [index, item] of events.entries()) {
    for (const user of item.highlights) {
      ordinals.push(index + 1)
      users.push(user)
    }
  }
  return [numberArray(ordinals), numberArray(users)]
}

function receiptColumns(receipts: readonly InGroup<ReceiptItem>[]): Column[] {
  return [
    numberArray(receipts.map((item) => item.g)),
    numberArray(receipts.map((item) => item.room)),
    numberArray(receipts.map((item) => item.user)),
    textArray(receipts.map((item) => item.type)),
    textArray(receipts.map((item) => item.threadId ?? '')),
    numberArray(receipts.map((item) => item.event.pos)),
    numberArray(receipts.map((item) => item.ts)),
  ]
}

function accountDataColumns(items: readonly InGroup<AccountDataItem>[]): Column[] {
  return [
    numberArray(items.map((item) => item.g)),
    numberArray(items.map((item) => item.user)),
    numberArray(items.map((item) => item.room ?? 0)),
    textArray(items.map((item) => item.type)),
    textArray(items.map((item) => item.content)),
  ]
}

function toDeviceColumns(items: readonly InGroup<ToDeviceItem>[]): Column[] {
  const messages = items.flatMap((item, index) =>
    Array.from(item.messages, ([device, event]) => ({ ordinal: index + 1, device, event })),
  )
  return [
    numberArray(items.map((item) => item.g)),
    numberArray(items.map((item) => item.txn.device)),
    textArray(items.map((item) => item.txn.key)),
    textArray(items.map((item) => item.txn.id)),
    numberArray(messages.map((message) => message.ordinal)),
    numberArray(messages.map((message) => message.device)),
    textArray(messages.map((message) => message.event)),
  ]
}

function interned(key: number | undefined): number {
  if (key === undefined) throw new TypeError('a name was not interned before encoding')
  return key
}
