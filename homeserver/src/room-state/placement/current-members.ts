import { OWN } from '#log/append/placed/placed-item.ts'
import { isUserId, type UserId } from '#matrix/ids.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject, own } from '#matrix/json.ts'
import type { Dictionary, LogReads, RoomStateDeps } from '../deps.ts'
import type { Difference } from './state.ts'

interface Deps {
  readonly names: RoomStateDeps['internals']['names']
  readonly reads: LogReads
  readonly dictionary: Dictionary
}

/** The part of an event's text that says what it is about. */
export interface WithContent {
  readonly json: string
  readonly contentAt: number
  readonly contentEnd: number
}

/** Whose membership becomes what by a change of the current state; who has none any more has left. */
export async function currentMembers(
  { names, reads, dictionary }: Deps,
  changes: readonly Difference[],
  event: WithContent,
) {
  const unknown = changes.map(({ key }) => key).filter((key) => names.stateKeyOf(key) === undefined)
  if (unknown.length > 0) await names.loadStateKeys(unknown)
  const members = changes.flatMap(({ key, ev }) => {
    const name = names.stateKeyOf(key)
    const userId = name?.type === 'm.room.member' ? name.stateKey : ''
    return isUserId(userId) ? [{ userId, ev }] : []
  })
  const others = members.flatMap(({ ev }) => (ev === undefined || ev === OWN ? [] : [ev]))
  const stored = others.length === 0 ? NONE : await reads.eventsByPos(others)
  const membership = (ev: number | undefined) =>
    ev === undefined ? 'leave' : membershipOf(ev === OWN ? event : stored.get(ev))
  return await Promise.all(
    members.map(async ({ userId, ev }) => ({
      user: (await dictionary.user(userId satisfies UserId)).key,
      membership: membership(ev),
    })),
  )
}

const NONE: ReadonlyMap<number, WithContent> = new Map()

function membershipOf(event: WithContent | undefined): string {
  if (event === undefined) return 'leave'
  const content = parseJson(event.json.slice(event.contentAt, event.contentEnd))
  const membership = isJsonObject(content) ? own(content, 'membership') : undefined
  return typeof membership === 'string' ? membership : 'leave'
}
