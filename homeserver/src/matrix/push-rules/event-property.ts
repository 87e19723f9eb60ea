import type { RoomEvent } from '../events/pdu.ts'
import { isJsonObject, own } from '../json.ts'
import type { JsonValue } from '../json.ts'

/** Reads one property of an event; undefined when it is not there. */
export type PropertyReader = (event: RoomEvent) => JsonValue | undefined

/**
 * Compiles a dot-separated path such as `content.m\.mentions.user_ids`, relative to the event's client
 * form.
 * https://spec.matrix.org/v1.19/appendices/#dot-separated-property-paths
 */
export function propertyReader(path: string): PropertyReader {
  const [first = '', ...rest] = splitPath(path)
  return (event) => {
    let value = topLevel(event, first)
    for (const name of rest) {
      value = isJsonObject(value) ? own(value, name) : undefined
    }
    return value
  }
}

/** A dot or backslash after a backslash stands for itself; any other backslash does too. */
function splitPath(path: string): string[] {
  const parts = path.matchAll(/(?:^|\.)((?:\\[\\.]|[^.])*)/g)
  return Array.from(parts, ([, part = '']) => part.replace(/\\([\\.])/g, '$1'))
}

function topLevel(event: RoomEvent, name: string): JsonValue | undefined {
  switch (name) {
    case 'content':
      return event.content
    case 'type':
      return event.type
    case 'sender':
      return event.sender
    case 'state_key':
      return event.stateKey
    case 'room_id':
      return event.roomId
    case 'event_id':
      return event.eventId
    case 'origin_server_ts':
      return event.originServerTs
    case 'redacts':
      return event.redacts
    default:
      return undefined
  }
}
