import type { RoomEvent } from '../events/pdu.ts'
import { stateKeyString } from '../events/state-key.ts'
import type { StateLookup } from './auth-rules.ts'

/** Looks up among the given state events; of two with the same key the later one counts. */
export function stateLookupOf(events: Iterable<RoomEvent>): StateLookup {
  const byKey = new Map<string, RoomEvent>()
  for (const event of events) {
    if (event.stateKey !== undefined) byKey.set(stateKeyString(event.type, event.stateKey), event)
  }
  return (type, stateKey) => byKey.get(stateKeyString(type, stateKey))
}
