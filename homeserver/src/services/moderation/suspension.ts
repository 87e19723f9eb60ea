import type { LogReads } from '#log/reads.ts'
import { userSuspended } from '#matrix/errors.ts'
import type { EventId } from '#matrix/ids.ts'
import { own, type JsonObject } from '#matrix/json.ts'
import type { Requester } from '#services/sessions/index.ts'

/** Who wants to change something. */
type Actor = Pick<Requester, 'user' | 'userId' | 'suspended'>

/** A state event as a client sends it. */
interface StateChange {
  readonly type: string
  readonly stateKey: string
  readonly content: JsonObject
}

/**
 * What a suspended account may still do through operations that are good for other things as well:
 * leave rooms and redact its own events.
 * https://spec.matrix.org/v1.19/client-server-api/#account-suspension
 */
export class Suspension {
  readonly #reads: Pick<LogReads, 'eventById'>

  constructor(reads: Pick<LogReads, 'eventById'>) {
    this.#reads = reads
  }

  /**
   * An event through `/send`.
   * @param redacts what it redacts, when it is a redaction
   * @throws {MatrixError} 403 `M_USER_SUSPENDED`
   */
  async requireMaySend(actor: Actor, redacts: EventId | undefined): Promise<void> {
    if (!actor.suspended) return
    if (redacts === undefined) throw userSuspended()
    await this.requireMayRedact(actor, redacts)
  }

  /** @throws {MatrixError} 403 `M_USER_SUSPENDED` for events of others */
  async requireMayRedact(actor: Actor, redacts: EventId): Promise<void> {
    if (!actor.suspended) return
    const event = await this.#reads.eventById(redacts)
    if (event?.sender !== actor.user) throw userSuspended()
  }

  /** @throws {MatrixError} 403 `M_USER_SUSPENDED` for everything but the own leave */
  requireMaySetState(actor: Actor, { type, stateKey, content }: StateChange): void {
    if (!actor.suspended) return
    const leaves =
      type === 'm.room.member' &&
      stateKey === actor.userId &&
      own(content, 'membership') === 'leave'
    if (!leaves) throw userSuspended()
  }
}
