import { isConflict, sqlState } from '#db/errors.ts'
import { NOT_PLAIN } from '#db/functions/hs-append-message.ts'
import type { InternedNames } from '../dictionary/interned-names.ts'
import type { Reader } from '../read/connections.ts'
import type { EventItem } from '../types.ts'
import { appendMessage } from './append-message.ts'
import { appendMessages } from './append-messages.ts'
import type { AppendResult } from './statement.ts'

/**
 * Appends plain messages (see `plainBatch`). Undefined when nothing happened because one of them was
 * there already or was authorised on another state: then the general way finds out which.
 * @throws {ConnectionLost} and the database's errors, as the general way does
 */
export async function appendPlain(
  items: readonly EventItem[],
  names: InternedNames,
  writer: Reader,
  now: number,
): Promise<AppendResult | undefined> {
  const [first, ...others] = items
  if (first === undefined) return undefined
  try {
    return others.length === 0
      ? await appendMessage(first, names, writer, now)
      : await appendMessages(items, names, writer, now)
  } catch (error) {
    if (isConflict(error) || sqlState(error) === NOT_PLAIN) return undefined
    throw error
  }
}
