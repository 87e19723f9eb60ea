import type { DeviceKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'
import type { PresenceState, Shown } from './types.ts'

/** How long a device counts as connected after it was last heard of, in milliseconds. */
export const CONNECTED_MS = 45_000
/** For how long a user is active after having done something. */
export const ACTIVE_MS = 60_000
/** After how long without doing anything a user is idle. */
export const IDLE_MS = 300_000

interface DeviceState {
  state: PresenceState
  until: number
}

/**
 * What is known of one user: what their devices say, and when they last did something. Of several
 * devices the one that is most present counts.
 * https://spec.matrix.org/v1.19/client-server-api/#presence
 */
export class UserPresence {
  readonly userId: UserId
  readonly devices = new Map<DeviceKey, DeviceState>()
  statusMsg: string | undefined
  /** Milliseconds since 1970; 0: never. */
  lastActive = 0
  /** What others were told last. */
  shown: Shown = { presence: 'offline', currentlyActive: false, statusMsg: undefined }
  /** Number of the change in which they were told. */
  stamp = 0

  constructor(userId: UserId) {
    this.userId = userId
  }

  /** What a device that is connected says. */
  stateOf(device: DeviceKey, now: number): DeviceState | undefined {
    const known = this.devices.get(device)
    return known !== undefined && known.until > now ? known : undefined
  }

  /** Whoever does something is there, unless they want to be hidden. */
  act(now: number): void {
    this.lastActive = Math.max(this.lastActive, now)
    for (const device of this.devices.values()) {
      if (device.state === 'unavailable') device.state = 'online'
    }
  }

  /** What holds now. Devices that are no longer connected are forgotten. */
  evaluate(now: number): Shown {
    for (const [key, { until }] of this.devices) if (until <= now) this.devices.delete(key)
    const states = new Set(Array.from(this.devices.values(), ({ state }) => state))
    const idle = now - this.lastActive
    const isOnline = states.has('online') && idle < IDLE_MS
    const isThere = states.has('online') || states.has('unavailable')
    return {
      presence: isOnline ? 'online' : isThere ? 'unavailable' : 'offline',
      currentlyActive: isOnline && idle < ACTIVE_MS,
      statusMsg: this.statusMsg,
    }
  }

  /** When time alone will change something; undefined: never. */
  nextChange(now: number): number | undefined {
    const times = Array.from(this.devices.values(), ({ until }) => until)
    if (times.length === 0) return undefined
    times.push(this.lastActive + ACTIVE_MS, this.lastActive + IDLE_MS)
    return Math.min(...times.filter((time) => time > now))
  }
}

export function isSame(one: Shown, other: Shown): boolean {
  return (
    one.presence === other.presence &&
    one.currentlyActive === other.currentlyActive &&
    one.statusMsg === other.statusMsg
  )
}
