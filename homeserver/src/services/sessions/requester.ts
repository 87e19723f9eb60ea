import type { DeviceKey, UserKey } from '#log/types.ts'
import type { DeviceId, UserId } from '#matrix/ids.ts'

/** Who calls: the owner of the access token. */
export interface Requester {
  readonly userId: UserId
  readonly user: UserKey
  readonly deviceId: DeviceId
  readonly device: DeviceKey
  readonly admin: boolean
  /** Names the session in caches; the access token cannot be had from it. */
  readonly session: string
  /** True for the requester's own id (application services will widen it). */
  mayActAs(userId: UserId): boolean
}
