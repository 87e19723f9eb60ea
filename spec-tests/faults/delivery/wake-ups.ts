import { pause } from '../../target/pause.ts'
import type { Reader } from './reader.ts'
import type { Rng } from './rng.ts'
import type { World } from './world.ts'

const LONG_POLL_MS = 10_000
/** The write falls into the moments in which the requests arrive and begin to sleep. */
const OFFSET_MS = 12

/**
 * Lets everybody wait for news while there are none, and writes one thing, many times over.
 * Ends early when a poll took longer than the limit.
 * @returns the longest time from an acknowledgement to the end of a poll, in milliseconds
 */
export async function wakeEverybody(
  world: World,
  rng: Rng,
  { times, limitMs }: { times: number; limitMs: number },
): Promise<number> {
  let slowest = 0
  for (let n = 0; n < times && slowest <= limitMs; n += 1) {
    const polls = world.readers.map((reader) => untilNews(reader))
    await pause(rng.between(0, OFFSET_MS))
    await rng.pick(world.writers).write(rng.pick(['message', 'to-device message']))
    const acknowledged = performance.now()
    slowest = Math.max(slowest, ...(await Promise.all(polls)).map((end) => end - acknowledged))
  }
  return slowest
}

async function untilNews(reader: Reader): Promise<number> {
  const before = reader.state.total
  while (reader.state.total === before) {
    await reader.calmStep(LONG_POLL_MS)
  }
  return performance.now()
}
