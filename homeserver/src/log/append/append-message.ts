import { isConflict, sqlState } from '#db/errors.ts'
import { NOT_PLAIN } from '#db/functions/hs-append-message.ts'
import type { Statement } from '#db/pipelined-client.ts'
import type { InternedNames } from '../dictionary/interned-names.ts'
import type { Reader } from '../read/connections.ts'
import { EventFlag, type AppendItem, type EventItem, type EventRef } from '../types.ts'
import { numberArray } from './array-literal.ts'
import type { Batch } from './encode.ts'
import type { Pending } from './pending.ts'
import { Outcome, type AppendResult } from './statement.ts'

const APPEND_MESSAGE: Statement = {
  name: 'append_message',
  text: `SELECT e_pos, e_seq, e_line, e_sidx
    FROM hs_append_message($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
      $17, $18)`,
}

interface MessageRow {
  readonly e_pos: number
  readonly e_seq: number
  readonly e_line: number
  readonly e_sidx: number
}

const NOTHING_ELSE = {
  rooms: [],
  receipts: [],
  accountData: [],
  toDevice: [],
  invalidations: [],
} as const

/** The batch, when it is nothing but one message that `hs_append_message` can take. */
export function plainMessage(
  groups: readonly Pending[],
): { readonly item: EventItem; readonly batch: Batch } | undefined {
  const item = groups.length === 1 && groups[0]?.group.length === 1 ? groups[0].group[0] : undefined
  if (item === undefined || !isPlain(item)) return undefined
  const events = [{ ...item, g: 1 }]
  return {
    item,
    batch: { groups, events, ...NOTHING_ELSE },
  }
}

function isPlain(item: AppendItem): item is EventItem {
  return (
    item.kind === 'event' &&
    item.stateKey === undefined &&
    item.redacts === undefined &&
    item.stateVersion !== undefined &&
    item.highlights.length === 0 &&
    (item.flags & (EventFlag.rejected | EventFlag.softFailed | EventFlag.outlier)) === 0 &&
    [...item.prev, ...item.auth].every(isCommitted) &&
    (item.thread === undefined || isCommitted(item.thread))
  )
}

function isCommitted(ref: EventRef): boolean {
  return ref.pos !== undefined
}

/**
 * Appends a message that came alone. Undefined when nothing happened because the batch has to be
 * looked at in the general way.
 * @throws {ConnectionLost} and the database's errors, as the general way does
 */
export async function appendMessage(
  item: EventItem,
  names: InternedNames,
  writer: Reader,
  now: number,
): Promise<AppendResult | undefined> {
  try {
    const [row] = await writer.query<MessageRow>(APPEND_MESSAGE, parameters(item, names, now))
    return row && resultOf(row)
  } catch (error) {
    if (isConflict(error) || sqlState(error) === NOT_PLAIN) return undefined
    throw error
  }
}

function parameters(item: EventItem, names: InternedNames, now: number): unknown[] {
  return [
    item.room,
    item.ref.eventId,
    names.typeKey(item.type),
    item.sender,
    item.ref.depth,
    item.ts,
    item.flags,
    item.stateVersion,
    numberArray(item.prev.map((ref) => ref.pos)),
    numberArray(item.auth.map((ref) => ref.pos)),
    item.thread?.pos,
    item.txn?.device,
    item.txn?.key,
    item.txn?.id,
    item.contentAt,
    item.contentEnd,
    item.json,
    now,
  ]
}

function resultOf(row: MessageRow): AppendResult {
  return {
    base: row.e_pos - 1,
    head: row.e_pos,
    outcomes: [Outcome.ok],
    duplicates: [],
    events: {
      pos: [row.e_pos],
      seq: [row.e_seq],
      line: [row.e_line],
      idx: [row.e_sidx],
      replaces: [],
      redacted: [],
    },
    receipts: [],
    accountData: [],
    toDevice: [],
    inboxes: [],
    invalidations: [],
  }
}
