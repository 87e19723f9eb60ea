import type { Hints } from '#log/index.ts'
import { asDeviceKey, asUserKey } from '#log/keys.ts'
import { maybeJson } from '#matrix/events/maybe-json.ts'
import { isUserId } from '#matrix/ids.ts'
import { isState, type PresenceChange } from './types.ts'

/**
 * Carries what devices say to all workers, the publisher's own included and at once. One that is lost
 * costs freshness only: connected devices are told of again and again.
 */
export interface PresenceBus {
  publish(change: PresenceChange): void
}

const TOPIC = 'presence'

/** The bus of all workers of a database. */
export function createPresenceBus(
  hints: Hints,
  listener: (change: PresenceChange) => void,
): PresenceBus {
  hints.subscribe(TOPIC, (text) => {
    const change = decode(text)
    if (change !== undefined) listener(change)
  })
  return {
    publish(change) {
      listener(change)
      hints.publish(TOPIC, encode(change))
    },
  }
}

function encode({ user, userId, device, state, lastActive, statusMsg }: PresenceChange): string {
  const values = [user, userId, device, state, lastActive]
  return JSON.stringify(statusMsg === undefined ? values : [...values, statusMsg])
}

/** Undefined for what a worker of another version may have meant. */
function decode(text: string): PresenceChange | undefined {
  const parsed = maybeJson(text)
  if (!Array.isArray(parsed)) return undefined
  const values: readonly unknown[] = parsed
  const [user, userId, device, state, lastActive, statusMsg] = values
  if (typeof user !== 'number' || typeof device !== 'number') return undefined
  if (typeof userId !== 'string' || !isUserId(userId)) return undefined
  if (typeof lastActive !== 'number' || !isState(state)) return undefined
  const change = { user: asUserKey(user), userId, device: asDeviceKey(device), state, lastActive }
  if (statusMsg === undefined) return change
  return statusMsg === null || typeof statusMsg === 'string' ? { ...change, statusMsg } : undefined
}
