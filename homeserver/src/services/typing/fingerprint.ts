import type { RoomKey, UserKey } from '#log/types.ts'

/**
 * Stands for who types where: equal on every worker that knows the same, whatever the order in
 * which it heard. Undefined when nobody types. A collision costs one change of a typing line.
 */
export function typingFingerprint(
  rooms: Iterable<readonly [RoomKey, Iterable<UserKey>]>,
): string | undefined {
  let sum = 0
  let count = 0
  for (const [room, users] of rooms) {
    for (const user of users) {
      sum = (sum + mix(room, user)) >>> 0
      count += 1
    }
  }
  return count === 0 ? undefined : sum.toString(36)
}

/** Spreads the pair over 32 bits, so that sums of different sets differ. */
function mix(room: number, user: number): number {
  let bits = Math.imul(room, 0x85ebca6b) ^ Math.imul(user, 0xc2b2ae35)
  bits = Math.imul(bits ^ (bits >>> 15), 0x2c1b3c6d)
  bits = Math.imul(bits ^ (bits >>> 12), 0x297a2d39)
  return (bits ^ (bits >>> 15)) >>> 0
}
