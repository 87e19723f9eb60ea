import type { DeviceKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import type { JsonObject, JsonValue } from '#matrix/json.ts'
import type { UiaFlow } from './stage.ts'

/** An operation that wants authentication. */
export interface UiaRequest {
  /** Method and path: a session is good for one operation only. */
  readonly operation: string
  /** Who is signed in: a session is good for them only. Absent where no token was sent. */
  readonly requester?: { readonly userId: UserId; readonly device: DeviceKey } | undefined
  /** The request body, `auth` included. */
  readonly body: JsonObject
  readonly flows: readonly UiaFlow[]
  /** Takes a flow of one stage in one request, without asking for a session first. */
  readonly sessionless?: boolean
  /**
   * A password that the requester entered a short time ago on this device counts: then
   * `m.login.dummy` is offered as well, for a request without `auth` must never succeed.
   */
  readonly reusesPassword?: boolean
}

export interface UiaOutcome {
  /** Stands for the session that was completed, as stages know it. */
  readonly session: string
  /** What the completed stages resolved to, by type. */
  readonly completed: ReadonlyMap<string, JsonValue>
}
