import { asRoomKey, asUserKey } from '#log/keys.ts'
import type { Hints } from '#log/index.ts'
import { isUserId } from '#matrix/ids.ts'
import { maybeJson } from '#matrix/events/maybe-json.ts'
import { createLocalTypingBus, type TypingBus, type TypingChange } from './typing-bus.ts'

const TOPIC = 'typing'

/** The bus of all workers of a database: delivers here at once, elsewhere by a hint. */
export function createSharedTypingBus(hints: Hints): TypingBus {
  const local = createLocalTypingBus()
  hints.subscribe(TOPIC, (text) => {
    const change = decode(text)
    if (change !== undefined) local.publish(change)
  })
  return {
    publish(change) {
      local.publish(change)
      hints.publish(TOPIC, encode(change))
    },
    subscribe: (listener) => local.subscribe(listener),
  }
}

const encode = ({ room, user, timeout, userId }: TypingChange): string =>
  JSON.stringify([room, user, timeout, userId])

/** Undefined for what a worker of another version may have meant. */
function decode(text: string): TypingChange | undefined {
  const parsed = maybeJson(text)
  if (!Array.isArray(parsed)) return undefined
  const values: readonly unknown[] = parsed
  const [room, user, timeout, userId] = values
  if (typeof room !== 'number' || typeof user !== 'number') return undefined
  if (typeof timeout !== 'number' || typeof userId !== 'string' || !isUserId(userId))
    return undefined
  return { room: asRoomKey(room), user: asUserKey(user), timeout, userId }
}
