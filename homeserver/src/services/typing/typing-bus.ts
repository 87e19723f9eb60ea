import type { RoomKey, UserKey } from '#log/types.ts'
import type { UserId } from '#matrix/ids.ts'

/** One user starts, keeps on or stops typing in a room. Small enough for the payload of a NOTIFY. */
export interface TypingChange {
  readonly room: RoomKey
  readonly user: UserKey
  readonly userId: UserId
  /** Milliseconds for which the user counts as typing; 0: stopped. */
  readonly timeout: number
}

/**
 * Carries typing between workers. Losing a change costs freshness only: it expires by itself.
 * Every change is delivered once to every subscriber, the publisher's own included.
 */
export interface TypingBus {
  publish(change: TypingChange): void
  subscribe(listener: (change: TypingChange) => void): () => void
}

/** The bus of a single worker: delivers at once. */
export function createLocalTypingBus(): TypingBus {
  const listeners = new Set<(change: TypingChange) => void>()
  return {
    publish(change) {
      for (const listener of listeners) listener(change)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
