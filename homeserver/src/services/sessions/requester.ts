import type { DeviceKey, UserKey } from '#log/types.ts'
import type { DeviceId, UserId } from '#matrix/ids.ts'

/** Who calls: the owner of the access token. */
export interface Requester {
  readonly userId: UserId
  readonly user: UserKey
  readonly deviceId: DeviceId
  readonly device: DeviceKey
  readonly admin: boolean
  /** May use what the specification opens to guests. */
  readonly guest: boolean
  /** May do nothing but log out. */
  readonly locked: boolean
  /** May read, and do little else. */
  readonly suspended: boolean
  /** Names the session in caches; the access token cannot be had from it. */
  readonly session: string
  /** When the access token ends, in milliseconds; absent when it does not. */
  readonly expiresTs?: number
  /** True for the requester's own id (application services will widen it). */
  mayActAs(userId: UserId): boolean
}
