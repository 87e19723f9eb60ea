import { EventFlag } from '#log/types.ts'
import type { EventItem, EventRef, RoomInfo, UserInfo, UserKey } from '#log/types.ts'
import { membershipOf } from '#matrix/auth-rules/membership.ts'
import { buildEvent, type BuiltEvent, type EventDraft } from '#matrix/events/build-event.ts'
import type { RoomEvent } from '#matrix/events/pdu.ts'
import { keptRelation } from '#matrix/events/relation.ts'
import type { EventId, ServerName } from '#matrix/ids.ts'
import { roomIdOfCreate } from '#matrix/events/hashes.ts'
import type { SigningKey } from '#matrix/events/signing-key.ts'
import type { Txn } from './transactions.ts'

/** Whose name and key the events of this server are signed with. */
export interface Signer {
  readonly serverName: ServerName
  readonly signingKey: SigningKey
}

/** An event just built, in the forms that the rest of the send needs. */
export interface MadeEvent {
  readonly ref: EventRef
  readonly event: RoomEvent
  readonly built: BuiltEvent
  readonly parents: readonly EventRef[]
  readonly auth: readonly EventRef[]
}

/** Hashes and signs an event whose parents and authorising events are known. */
export function makeEvent(
  draft: Omit<EventDraft, 'prevEvents' | 'authEvents'>,
  parents: readonly EventRef[],
  auth: readonly EventRef[],
  { serverName, signingKey }: Signer,
  redacts?: EventId,
): MadeEvent {
  const prevEvents = parents.map((ref) => ref.eventId)
  const authEvents = auth.map((ref) => ref.eventId)
  const built = buildEvent({ ...draft, prevEvents, authEvents }, serverName, signingKey)
  const { eventId } = built
  const event: RoomEvent = {
    eventId,
    roomId: draft.roomId ?? roomIdOfCreate(eventId),
    type: draft.type,
    stateKey: draft.stateKey,
    sender: draft.sender,
    content: draft.content,
    originServerTs: draft.originServerTs,
    depth: built.pdu.depth,
    prevEvents,
    authEvents,
    redacts,
    rejected: false,
  }
  return { ref: { eventId, depth: event.depth, pos: undefined }, event, built, parents, auth }
}

/** What the log wants to know of an event beyond the event itself. */
export interface ItemFacts {
  readonly sender: UserInfo
  readonly stateVersion: number | undefined
  readonly notifies: boolean
  readonly highlights: readonly UserKey[]
  /** Whose membership an `m.room.member` event sets. */
  readonly target: UserInfo | undefined
  readonly redacts: EventRef | undefined
  readonly thread: EventRef | undefined
  readonly txn: Txn | undefined
}

/** The append item of an event. */
export function makeItem(made: MadeEvent, room: RoomInfo['key'], facts: ItemFacts): EventItem {
  const { event, built, ref, parents, auth } = made
  const membership = membershipOf(event)
  return {
    kind: 'event',
    room,
    ref,
    type: event.type,
    stateKey: event.stateKey,
    sender: facts.sender.key,
    senderId: facts.sender.userId,
    ts: event.originServerTs,
    prev: parents,
    auth,
    stateVersion: facts.stateVersion,
    flags: flagsOf(event, facts.notifies),
    json: built.json,
    contentAt: built.contentAt,
    contentEnd: built.contentEnd,
    membership:
      facts.target === undefined || membership === undefined
        ? undefined
        : { user: facts.target.key, membership },
    redacts: facts.redacts,
    thread: facts.thread,
    relation: keptRelation(event),
    highlights: facts.highlights,
    txn: facts.txn,
  }
}

function flagsOf(event: RoomEvent, notifies: boolean): number {
  const encrypted = event.type === 'm.room.encrypted' ? EventFlag.encrypted : 0
  return encrypted | (notifies ? EventFlag.notifies : 0)
}
