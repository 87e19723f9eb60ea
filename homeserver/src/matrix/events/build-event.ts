import { parseEventId } from '../ids.ts'
import type { EventId, RoomId, ServerName, UserId } from '../ids.ts'
import type { JsonObject } from '../json.ts'
import type { RoomVersion } from '../room-versions/room-version.ts'
import { canonicalJson, canonicalString } from './canonical-json.ts'
import { checkEventSize, checkField } from './format.ts'
import { referenceHashOf, sha256Base64 } from './hashes.ts'
import type { Pdu } from './pdu.ts'
import { redactContent } from './redact.ts'
import type { SigningKey } from './signing-key.ts'
import { signText } from './signing.ts'

/** What a new event says, before it is hashed and signed. */
export interface EventDraft {
  readonly version: RoomVersion
  /** Absent for the create event from room version 12, whose hash becomes the room ID. */
  readonly roomId?: RoomId | undefined
  readonly type: string
  readonly stateKey?: string | undefined
  readonly sender: UserId
  readonly content: JsonObject
  /** Milliseconds */
  readonly originServerTs: number
  readonly depth: number
  readonly prevEvents: readonly EventId[]
  readonly authEvents: readonly EventId[]
  /** Top-level `redacts`: room versions up to 10 only. */
  readonly redacts?: EventId | undefined
  readonly unsigned?: JsonObject | undefined
}

/** An event ready to be stored and sent to other servers. */
export interface BuiltEvent {
  readonly pdu: Pdu
  readonly eventId: EventId
  /** Canonical JSON of the pdu. */
  readonly json: string
  /** Where the value of the top-level `content` begins in `json`, in UTF-16 units. */
  readonly contentAt: number
  /** The unit after its end. */
  readonly contentEnd: number
}

/**
 * Hashes and signs a new event. On the path of every send, so nothing is serialised twice: the texts
 * that are hashed, signed and stored differ in a few members and share the canonical text of the rest.
 * https://spec.matrix.org/v1.19/server-server-api/#adding-hashes-and-signatures-to-outgoing-events
 * @throws {CanonicalJsonError} for content that has no canonical JSON
 * @throws {MatrixError} `M_TOO_LARGE`, or `M_BAD_JSON` for NUL and lone surrogates in type or state key
 */
export function buildEvent(draft: EventDraft, serverName: ServerName, key: SigningKey): BuiltEvent {
  checkField('type', draft.type)
  if (draft.stateKey !== undefined) checkField('state_key', draft.stateKey)
  const texts = memberTexts(draft)
  const { head, content, depth, middle, redacts, ids, tail, unsigned } = texts

  const sha256 = sha256Base64(`${head}${content}${depth}${middle}${redacts}${ids}${tail}}`)
  const hashes = `,"hashes":{"sha256":"${sha256}"}`
  // Redaction drops a top-level `redacts` in every room version.
  const redacted = `${head}${texts.redactedContent}${depth}${hashes}${middle}${ids}${tail}}`
  const signature = signText(redacted, key)
  const signatures = `,"signatures":{"${serverName}":{"${key.keyId}":"${signature}"}}`
  const json = `${head}${content}${depth}${hashes}${middle}${redacts}${ids}${signatures}${tail}${unsigned}}`
  checkEventSize(json)
  return {
    pdu: {
      ...pduOf(draft),
      hashes: { sha256 },
      signatures: { [serverName]: { [key.keyId]: signature } },
    },
    eventId: parseEventId(`$${referenceHashOf(redacted, draft.version)}`),
    json,
    contentAt: head.length,
    contentEnd: head.length + content.length,
  }
}

/** The canonical texts of the event's members, in canonical order; `tail` and `unsigned` come last. */
function memberTexts(draft: EventDraft) {
  const { version, type, stateKey, roomId, unsigned } = draft
  const strict = version.strictCanonicalJson
  const content = canonicalJson(draft.content, { strict })
  return {
    head: `{"auth_events":${idList(draft.authEvents)},"content":`,
    content,
    redactedContent: redactedContent(draft, content),
    depth: `,"depth":${clampedDepth(draft)}`,
    middle: `,"origin_server_ts":${draft.originServerTs},"prev_events":${idList(draft.prevEvents)}`,
    redacts: draft.redacts === undefined ? '' : `,"redacts":${canonicalString(draft.redacts)}`,
    ids: `${roomId === undefined ? '' : `,"room_id":${canonicalString(roomId)}`},"sender":${canonicalString(draft.sender)}`,
    tail: `${stateKey === undefined ? '' : `,"state_key":${canonicalString(stateKey)}`},"type":${canonicalString(type)}`,
    unsigned: unsigned === undefined ? '' : `,"unsigned":${canonicalJson(unsigned, { strict })}`,
  }
}

function redactedContent(draft: EventDraft, contentJson: string): string {
  const kept = redactContent(draft.type, draft.content, draft.version)
  return kept === draft.content ? contentJson : canonicalJson(kept)
}

/** Parents may claim the greatest depth there is; their child stays at it. */
const clampedDepth = (draft: EventDraft): number => Math.min(draft.depth, Number.MAX_SAFE_INTEGER)

/** Event IDs hold no character that JSON escapes. */
const idList = (ids: readonly EventId[]): string =>
  ids.length === 0 ? '[]' : `["${ids.join('","')}"]`

function pduOf(draft: EventDraft): Pdu {
  const { roomId, stateKey, redacts, unsigned } = draft
  return {
    type: draft.type,
    sender: draft.sender,
    content: draft.content,
    origin_server_ts: draft.originServerTs,
    depth: clampedDepth(draft),
    prev_events: [...draft.prevEvents],
    auth_events: [...draft.authEvents],
    ...(roomId !== undefined && { room_id: roomId }),
    ...(stateKey !== undefined && { state_key: stateKey }),
    ...(redacts !== undefined && { redacts }),
    ...(unsigned !== undefined && { unsigned }),
  }
}
