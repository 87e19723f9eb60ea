import type { EventRef, RoomInfo } from '#log/types.ts'
import { without } from '#matrix/events/hashes.ts'
import type { JsonObject } from '#matrix/json.ts'
import type { Audience } from './audience.ts'
import type { AuthRequest } from './authorize.ts'
import type { RedactionTarget } from './relations.ts'
import type { Txn } from './transactions.ts'
import type { SendInput } from './types.ts'

/** A send with everything that can be found out before its turn in the room's queue. */
export interface Job {
  readonly input: SendInput
  readonly room: RoomInfo
  /** What the event will say, `redacts` being where the room version wants it. */
  readonly content: JsonObject
  readonly txn: Txn | undefined
  readonly redaction: RedactionTarget | undefined
  readonly thread: EventRef | undefined
  readonly audience: Audience
}

/** The part of a job that decides whether it is allowed. */
export function requestOf({ input, content, redaction }: Job): AuthRequest {
  return {
    type: input.type,
    stateKey: input.stateKey,
    sender: input.sender.userId,
    content,
    redactsEventOf: redaction?.event.senderId,
  }
}

/**
 * The content of a redaction carries `redacts` from room version 11, before that it must not.
 * https://spec.matrix.org/v1.19/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid
 */
export function contentOf({ content, redacts }: SendInput, { version }: RoomInfo): JsonObject {
  if (redacts === undefined) return content
  return version.redactsInContent ? { ...content, redacts } : without(content, ['redacts'])
}
