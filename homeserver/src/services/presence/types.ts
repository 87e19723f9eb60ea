import type { DeviceKey, UserKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'

export type PresenceState = 'online' | 'unavailable' | 'offline'

export const isState = (value: unknown): value is PresenceState =>
  value === 'online' || value === 'unavailable' || value === 'offline'

/** What others are shown of a user. */
export interface Shown {
  readonly presence: PresenceState
  /** Only while online: active within the last minute. */
  readonly currentlyActive: boolean
  readonly statusMsg: string | undefined
}

/** Whose device says something. */
export interface PresenceDevice {
  readonly user: UserKey
  readonly userId: UserId
  readonly device: DeviceKey
}

/** What a device says of itself; the workers tell each other. */
export interface PresenceChange extends PresenceDevice {
  readonly state: PresenceState
  /** When the user last did something, in milliseconds, as far as the teller knows; 0: never. */
  readonly lastActive: number
  /** Present where it is set: the new message, `null` for none. */
  readonly statusMsg?: string | null
}
