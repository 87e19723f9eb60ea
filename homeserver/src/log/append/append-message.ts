import type { Statement } from '#db/pipelined-client.ts'
import type { InternedNames } from '../dictionary/interned-names.ts'
import type { Reader } from '../read/connections.ts'
import type { EventItem } from '../types.ts'
import { numberArray } from './array-literal.ts'
import { NO_CHANGES, NOTHING_ELSE, Outcome, type AppendResult } from './statement.ts'

const APPEND_MESSAGE: Statement = {
  name: 'append_message',
  text: `SELECT e_pos, e_seq, e_line, e_sidx
    FROM hs_append_message($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16,
      $17, $18, $19, $20)`,
}

interface MessageRow {
  readonly e_pos: number
  readonly e_seq: number
  readonly e_line: number
  readonly e_sidx: number
}

/** Appends a message that came alone. @throws the database's errors */
export async function appendMessage(
  item: EventItem,
  names: InternedNames,
  writer: Reader,
  now: number,
): Promise<AppendResult | undefined> {
  const [row] = await writer.query<MessageRow>(APPEND_MESSAGE, parameters(item, names, now))
  return row && resultOf(row)
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
    item.relation?.eventId,
    item.relation?.type,
    item.json,
    now,
  ]
}

function resultOf(row: MessageRow): AppendResult {
  return {
    ...NOTHING_ELSE,
    base: row.e_pos - 1,
    head: row.e_pos,
    outcomes: [Outcome.ok],
    events: {
      ...NO_CHANGES,
      pos: [row.e_pos],
      seq: [row.e_seq],
      line: [row.e_line],
      idx: [row.e_sidx],
    },
  }
}
