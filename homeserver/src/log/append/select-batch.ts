import type { Pending } from './pending.ts'

const MOST_ITEMS = 500
const MOST_BYTES = 1_000_000

/**
 * Takes the next batch off the queue's front: at most 500 items and 1 MB (a single larger group
 * or a placed event goes alone), and no two groups with a common key, which one statement could not tell apart.
 * Groups with events come sorted by room, since the database works on one room at a time; within
 * a room the order of the queue is kept.
 */
export function takeBatch(queue: Pending[]): Pending[] {
  const batch: Pending[] = []
  const keys = new Set<string>()
  let items = 0
  let bytes = 0
  for (const pending of queue) {
    items += pending.group.length
    bytes += pending.bytes
    if (batch.length > 0 && (items > MOST_ITEMS || bytes > MOST_BYTES)) break
    if (batch.length > 0 && (pending.placed ?? batch[0]?.placed) !== undefined) break
    if (pending.keys.some((key) => keys.has(key))) break
    for (const key of pending.keys) keys.add(key)
    batch.push(pending)
  }
  queue.splice(0, batch.length)
  return batch.sort((a, b) => (a.room ?? 0) - (b.room ?? 0))
}
