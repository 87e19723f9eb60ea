import type { StoredEvent } from '#log/types.ts'
import { parseJson } from '#matrix/events/parse-json.ts'
import type { Pdu } from '#matrix/events/pdu.ts'
import { redact } from '#matrix/events/redact.ts'
import { isJsonObject } from '#matrix/json.ts'
import type { RoomVersion } from '#matrix/room-versions/room-version.ts'

/**
 * The text of an event in the federation format, pruned when it is redacted.
 * @param pruned the reader gets it pruned anyhow
 */
export function federationJson(event: StoredEvent, version: RoomVersion, pruned: boolean): string {
  if (event.redactedBy === undefined && !pruned) return event.json
  const json = parseJson(event.json)
  if (!isJsonObject(json)) throw new TypeError(`Event ${event.pos} is not an object.`)
  // checked before it was stored
  return JSON.stringify(redact(json as Pdu, version))
}
