import type { DeviceKey, UserKey } from '#log/types.ts'
import type { JsonObject } from '#matrix/json.ts'

/** What a client says of a pusher. */
export interface PusherInput {
  readonly appId: string
  readonly pushkey: string
  readonly appDisplayName: string
  readonly deviceDisplayName: string
  readonly profileTag: string | undefined
  readonly lang: string
  /** The gateway's notification endpoint. */
  readonly url: string
  /** As the client sent it, `url` included. */
  readonly data: JsonObject
}

/** A pusher as the delivery has it. */
export interface Pusher extends PusherInput {
  readonly id: number
  readonly user: UserKey
  readonly device: DeviceKey
  /** When it was last set, in milliseconds. */
  readonly setTs: number
  /** Everything up to this position is told. */
  readonly toldTo: number
  /** The unread count that the gateway was last told. */
  readonly toldUnread: number
  /** Attempts that failed since the last success. */
  readonly failures: number
}
