import type { EventId } from '#matrix/ids.ts'

/** What clients are told of an event besides the event. */
export interface UnsignedParts {
  /** Milliseconds since the event was sent. */
  readonly age: number
  /** The viewer's membership at the event, its own change included. */
  readonly membership: string | undefined
  readonly transactionId: string | undefined
  /** The state event that this one replaced. */
  readonly replaced: { readonly eventId: EventId; readonly contentJson: string } | undefined
  /** Client form of the redaction. */
  readonly redactedBecause: string | undefined
  /** What relates to the event, summed up. */
  readonly relations: string | undefined
}

/** https://spec.matrix.org/v1.19/client-server-api/#definition-clientevent */
export function unsignedJson(parts: UnsignedParts): string {
  const { membership, transactionId, replaced, redactedBecause, relations } = parts
  let json = `{"age":${parts.age}`
  if (membership !== undefined) {
    const value = JSON.stringify(membership)
    json += `,"membership":${value},"io.element.msc4115.membership":${value}`
  }
  if (transactionId !== undefined) json += `,"transaction_id":${JSON.stringify(transactionId)}`
  if (replaced !== undefined) {
    // what a redaction removed is not shown by the way of what was there before
    if (redactedBecause === undefined) json += `,"prev_content":${replaced.contentJson}`
    json += `,"replaces_state":${JSON.stringify(replaced.eventId)}`
  }
  if (redactedBecause !== undefined) json += `,"redacted_because":${redactedBecause}`
  if (relations !== undefined) json += `,"m.relations":${relations}`
  return `${json}}`
}
