import type { Statement } from '#db/pipelined-client.ts'
import type { InternedNames } from '../../dictionary/interned-names.ts'
import type { Reader } from '../../read/connections.ts'
import { EventFlag } from '../../types.ts'
import { booleanArray, numberArray } from '../array-literal.ts'
import { Outcome } from '../statement.ts'
import { textArray } from '../text-array.ts'
import { OWN, type PlacedItem, type Placement } from './placed-item.ts'

const PARAMETERS = 43

const APPEND_PLACED: Statement = {
  name: 'append_placed',
  text: `SELECT outcome, e_pos, head FROM hs_append_placed(${Array.from(
    { length: PARAMETERS },
    (_, n) => `$${n + 1}`,
  ).join(', ')})`,
}

interface PlacedRow {
  readonly outcome: number
  readonly e_pos: number | null
  readonly head: number
}

/** What `hs_append_placed` answered. */
export interface PlacedResult {
  readonly conflict: boolean
  /** The event's position; undefined after a conflict. */
  readonly pos: number | undefined
  /** The log's last position then. */
  readonly head: number
}

/**
 * Appends one placed event.
 * @throws {ConnectionLost} and the database's errors
 */
export async function appendPlaced(
  item: PlacedItem,
  names: InternedNames,
  writer: Reader,
  now: number,
): Promise<PlacedResult> {
  await names.make([item], writer)
  const [row] = await writer.query<PlacedRow>(APPEND_PLACED, [
    now,
    ...eventValues(item, names),
    ...placementValues(item.placement),
  ])
  if (row === undefined) throw new TypeError('the append gave no answer')
  return {
    conflict: row.outcome === Outcome.conflict,
    pos: row.e_pos ?? undefined,
    head: row.head,
  }
}

function eventValues(item: PlacedItem, names: InternedNames): unknown[] {
  const { newRoom, ref, stateKey, placement } = item
  const { expected, current } = placement
  return [
    item.room,
    newRoom?.roomId,
    newRoom?.version,
    ref.eventId,
    names.typeKey(item.type),
    item.sender,
    stateKey === undefined ? undefined : names.stateKeyKey(item.type, stateKey),
    ref.depth,
    item.ts,
    item.flags | (isLinear(item) ? 0 : EventFlag.reshapes),
    numberArray(item.prev),
    numberArray(item.auth),
    textArray(item.missing.map((missing) => missing.eventId)),
    booleanArray(item.missing.map((missing) => missing.isAuth)),
    item.redacts,
    item.thread,
    item.contentAt,
    item.contentEnd,
    item.relation?.eventId,
    item.relation?.type,
    item.json,
    numberArray(item.highlights),
    item.inLog,
    expected?.stateVersion,
    numberArray(expected?.extremities ?? []),
    numberArray(current?.extremities ?? []),
  ]
}

function placementValues({ lines, rows, point, current }: Placement): unknown[] {
  return [
    numberArray(lines.map((line) => line.parent?.line)),
    numberArray(lines.map((line) => line.parent?.idx)),
    textArray(lines.map((line) => line.checkpoint?.toString('base64'))),
    numberArray(rows.map((row) => row.line)),
    numberArray(rows.map((row) => row.idx)),
    numberArray(rows.map((row) => row.key)),
    numberArray(rows.map((row) => row.ev)),
    numberArray(rows.map((row) => row.prev)),
    point?.line,
    point?.idx,
    current?.point.line,
    current?.point.idx,
    numberArray(current?.changes.map((change) => change.key) ?? []),
    numberArray(current?.changes.map((change) => change.ev) ?? []),
    numberArray(current?.members.map((member) => member.user) ?? []),
    textArray(current?.members.map((member) => member.membership) ?? []),
  ]
}

/** True when the caches may take the current state's change from the event alone. */
function isLinear({ stateKey, placement }: PlacedItem): boolean {
  const { current, point } = placement
  if (current === undefined) return true
  const isOwnPoint = current.point.line === point?.line && current.point.idx === point.idx
  const own = stateKey === undefined ? 0 : 1
  return (
    isOwnPoint &&
    current.changes.length === own &&
    current.changes.every((change) => change.ev === OWN)
  )
}
