import type { RoomInfo, StoredEvent } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import { isJsonObject } from '#matrix/json.ts'
import type { RoomEventFilter } from '#services/filters/index.ts'

/** Whether a filter lets an event pass. */
export type EventTest = (event: StoredEvent) => boolean

/**
 * Compiles a RoomEventFilter for one room; undefined when it lets every event pass.
 * https://spec.matrix.org/v1.19/client-server-api/#filtering
 */
export function eventTest(filter: RoomEventFilter, room: RoomInfo): EventTest | undefined {
  if (excludesRoom(filter, room)) return () => false
  const tests = [typeTest(filter), senderTest(filter), urlTest(filter)].filter(
    (test) => test !== undefined,
  )
  return tests.length === 0 ? undefined : (event) => tests.every((test) => test(event))
}

const excludesRoom = ({ rooms, not_rooms }: RoomEventFilter, { roomId }: RoomInfo): boolean =>
  rooms?.includes(roomId) === false || not_rooms?.includes(roomId) === true

function typeTest({ types, not_types }: RoomEventFilter): EventTest | undefined {
  if (types === undefined && not_types === undefined) return undefined
  const wanted = types?.map(typePattern)
  const unwanted = (not_types ?? []).map(typePattern)
  return ({ type }) =>
    wanted?.some((matches) => matches(type)) !== false && !unwanted.some((matches) => matches(type))
}

function senderTest({ senders, not_senders }: RoomEventFilter): EventTest | undefined {
  if (senders === undefined && not_senders === undefined) return undefined
  const wanted = senders && new Set(senders)
  const unwanted = new Set(not_senders)
  return ({ senderId }) => wanted?.has(senderId) !== false && !unwanted.has(senderId)
}

function urlTest({ contains_url }: RoomEventFilter): EventTest | undefined {
  return contains_url === undefined ? undefined : (event) => hasUrl(event) === contains_url
}

function hasUrl(event: StoredEvent): boolean {
  const text = event.json.slice(event.contentAt, event.contentEnd)
  if (!text.includes('"url"')) return false
  const content = parseJson(text)
  return isJsonObject(content) && Object.hasOwn(content, 'url')
}

/** A type in which `*` stands for any characters, matched in linear time. */
function typePattern(pattern: string): (type: string) => boolean {
  const [first = '', ...rest] = pattern.split('*')
  const last = rest.pop()
  if (last === undefined) return (type) => type === pattern
  return (type) => {
    if (type.length < first.length + last.length) return false
    if (!type.startsWith(first) || !type.endsWith(last)) return false
    return containsInOrder(type.slice(first.length, type.length - last.length), rest)
  }
}

function containsInOrder(text: string, parts: readonly string[]): boolean {
  let from = 0
  return parts.every((part) => {
    const at = text.indexOf(part, from)
    from = at + part.length
    return at >= 0
  })
}
