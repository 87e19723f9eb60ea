import { parseJson } from '#matrix/events/parse-json.ts'
import type { Pdu, RoomEvent } from '#matrix/events/pdu.ts'
import { redact } from '#matrix/events/redact.ts'
import { toRoomEvent } from '#matrix/events/room-event.ts'
import { isJsonObject } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'
import { EventFlag, type StoredEvent } from '#log/types.ts'
import type { StateEvent } from './types.ts'

/**
 * A stored state event with its parsed form. A redacted event parses to its pruned form, which
 * keeps all that authorisation looks at.
 * @throws {TypeError} when it is not a state event
 */
export function stateEvent(event: StoredEvent, version: RoomVersion): StateEvent {
  const { stateKey } = event
  if (stateKey === undefined) throw new TypeError(`Event ${event.pos} is not a state event.`)
  let parsed: RoomEvent | undefined
  return {
    ...event,
    stateKey,
    roomEvent() {
      parsed ??= parseEvent(event, version)
      return parsed
    },
  }
}

function parseEvent(event: StoredEvent, version: RoomVersion): RoomEvent {
  const json = parseJson(event.json)
  if (!isJsonObject(json)) throw new TypeError(`Event ${event.pos} is not an object.`)
  // checked before it was stored
  const pdu = json as Pdu
  return toRoomEvent(
    event.redactedBy === undefined ? pdu : redact(pdu, version),
    event.eventId,
    version,
    { rejected: (event.flags & EventFlag.rejected) !== 0 },
  )
}
