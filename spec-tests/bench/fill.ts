import { closedLoop, type LoopResult } from './loops.ts'
import type { User } from '../target/user.ts'

const TEXT = 'A message of the usual length, as people send them to each other all day, number'

/** A message that the server has acknowledged; times from `performance.now()`. */
export interface Sent {
  readonly eventId: string
  readonly asked: number
  readonly acknowledged: number
}

/** All users at once send `count` messages, spread over the rooms. */
export function fill(
  users: readonly User[],
  rooms: readonly string[],
  count: number,
  onSent: (sent: Sent) => void = () => {},
): Promise<LoopResult> {
  let taken = 0
  return closedLoop({
    clients: users.length,
    seconds: 0,
    atLeast: Math.max(1, count - users.length + 1),
    async work(client) {
      const n = taken
      taken += 1
      const asked = performance.now()
      const room = rooms[n % rooms.length] ?? ''
      const eventId = await users[client]?.sendText(room, `${TEXT} ${n}`)
      onSent({ eventId: eventId ?? '', asked, acknowledged: performance.now() })
    },
  })
}
