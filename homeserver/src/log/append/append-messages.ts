import type { Statement } from '#db/pipelined-client.ts'
import type { InternedNames } from '../dictionary/interned-names.ts'
import type { Reader } from '../read/connections.ts'
import { EventFlag, type EventItem, type RoomKey, type UserKey } from '../types.ts'
import { booleanArray, numberArray, parseNumberArray } from './array-literal.ts'
import { NO_CHANGES, NOTHING_ELSE, Outcome, type AppendResult } from './statement.ts'
import { textArray } from './text-array.ts'

const PARAMETERS = Array.from({ length: 28 }, (_, n) => `$${n + 1}`).join(', ')

const APPEND_MESSAGES: Statement = {
  name: 'append_messages',
  text: `SELECT base, seq_before::text, line_of::text, idx_of::text
    FROM hs_append_messages(${PARAMETERS})`,
}

interface MessagesRow {
  readonly base: number
  readonly seq_before: string
  readonly line_of: string
  readonly idx_of: string
}

/** What a batch does to one room. */
interface RoomPart {
  /** From 1, in the order of the batch. */
  readonly number: number
  readonly room: RoomKey
  readonly version: number | undefined
  readonly gone: Set<number>
  /** Numbers of messages on which no later one of the batch builds. */
  readonly leaves: Set<number>
  last: number
  notify: number
}

/** What a message adds to its own columns. */
interface Place {
  readonly part: RoomPart
  /** Messages of the room that notify, up to this one. */
  readonly seq: number
  /** Number of the parent in the batch. */
  readonly parent: number | undefined
}

/**
 * Appends plain messages sorted by room. Undefined when two of a room were authorised on different
 * states, which only the general way can tell apart.
 * @throws the database's errors
 */
export async function appendMessages(
  items: readonly EventItem[],
  names: InternedNames,
  writer: Reader,
  now: number,
): Promise<AppendResult | undefined> {
  const layout = layOut(items)
  if (layout === undefined) return undefined
  const { parts, places } = layout
  const values = [now, ...roomColumns(parts), ...messageColumns(items, places, names)]
  const [row] = await writer.query<MessagesRow>(APPEND_MESSAGES, values)
  return row && resultOf(row, places)
}

function layOut(items: readonly EventItem[]): { parts: RoomPart[]; places: Place[] } | undefined {
  const parts: RoomPart[] = []
  const places: Place[] = []
  const numbers = new Map<EventItem['ref'], number>()
  for (const [index, item] of items.entries()) {
    const number = index + 1
    let part = parts.at(-1)
    if (part?.room !== item.room) {
      part = newPart(item, parts.length + 1)
      parts.push(part)
    }
    if (part.version !== item.stateVersion) return undefined
    const [first] = item.prev
    const parent = first && numbers.get(first)
    if (parent === undefined) for (const ref of item.prev) part.gone.add(ref.pos ?? 0)
    else part.leaves.delete(parent)
    part.leaves.add(number)
    part.last = number
    if ((item.flags & EventFlag.notifies) !== 0) part.notify++
    places.push({ part, seq: part.notify, parent })
    numbers.set(item.ref, number)
  }
  return { parts, places }
}

function newPart({ room, stateVersion }: EventItem, number: number): RoomPart {
  const [gone, leaves] = [new Set<number>(), new Set<number>()]
  return { number, room, version: stateVersion, gone, leaves, last: 0, notify: 0 }
}

const literal = (numbers: Iterable<number | undefined>): string => numberArray(Array.from(numbers))

function roomColumns(parts: readonly RoomPart[]): (string | Buffer)[] {
  return [
    numberArray(parts.map((part) => part.room)),
    numberArray(parts.map((part) => part.version)),
    textArray(parts.map((part) => literal(part.gone))),
    textArray(parts.map((part) => literal(part.leaves))),
    numberArray(parts.map((part) => part.last)),
    numberArray(parts.map((part) => part.notify)),
  ]
}

function messageColumns(
  items: readonly EventItem[],
  places: readonly Place[],
  names: InternedNames,
): (string | Buffer)[] {
  return [
    numberArray(places.map(({ part }) => part.number)),
    textArray(items.map((item) => item.ref.eventId)),
    numberArray(items.map((item) => names.typeKey(item.type))),
    numberArray(items.map((item) => item.sender)),
    numberArray(items.map((item) => item.ref.depth)),
    numberArray(items.map((item) => item.ts)),
    numberArray(items.map((item) => item.flags)),
    numberArray(places.map((place) => place.seq)),
    numberArray(places.map((place) => place.parent)),
    textArray(items.map((item) => literal(item.prev.map((ref) => ref.pos)))),
    textArray(items.map((item) => literal(item.auth.map((ref) => ref.pos)))),
    numberArray(items.map((item) => item.thread?.pos)),
    numberArray(items.map((item) => item.txn?.device)),
    textArray(items.map((item) => item.txn?.key)),
    textArray(items.map((item) => item.txn?.id)),
    numberArray(items.map((item) => item.contentAt)),
    numberArray(items.map((item) => item.contentEnd)),
    booleanArray(latest(items)),
    textArray(items.map((item) => item.relation?.eventId)),
    textArray(items.map((item) => item.relation?.type)),
    textArray(items.map((item) => item.json)),
  ]
}

/** Whether a message is its sender's last one in the room. */
function latest(items: readonly EventItem[]): boolean[] {
  const later = new Set<string>()
  const keyOf = (room: RoomKey, sender: UserKey) => `${room} ${sender}`
  return items
    .toReversed()
    .map((item) => {
      const key = keyOf(item.room, item.sender)
      const isLatest = !later.has(key)
      later.add(key)
      return isLatest
    })
    .toReversed()
}

function resultOf(row: MessagesRow, places: readonly Place[]): AppendResult {
  const ofRoom = (text: string) => {
    const values = parseNumberArray(text)
    return (place: Place) => values[place.part.number - 1]
  }
  const seqBefore = ofRoom(row.seq_before)
  return {
    ...NOTHING_ELSE,
    base: row.base,
    head: row.base + places.length,
    outcomes: places.map(() => Outcome.ok),
    events: {
      ...NO_CHANGES,
      pos: places.map((_, index) => row.base + index + 1),
      seq: places.map((place) => (seqBefore(place) ?? 0) + place.seq),
      line: places.map(ofRoom(row.line_of)),
      idx: places.map(ofRoom(row.idx_of)),
    },
  }
}
