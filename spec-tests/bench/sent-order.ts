import type { Sent } from './fill.ts'

export interface OrderFault {
  readonly lost: number
  readonly duplicates: number
  /** Events that stand before one which was acknowledged before they were sent. */
  readonly misplaced: number
}

/**
 * Compares what was sent with what a room holds. Messages that were under way at the same time may
 * stand in any order; of two that were not, the earlier one stands first.
 * @param found all event ids of the room, oldest first
 */
export function compareWithSent(sent: readonly Sent[], found: readonly string[]): OrderFault {
  const byId = new Map(sent.map((one) => [one.eventId, one]))
  const seen = new Set<string>()
  let duplicates = 0
  let misplaced = 0
  let latestAsked = -Infinity
  for (const eventId of found) {
    const one = byId.get(eventId)
    if (one === undefined) continue
    if (seen.has(eventId)) duplicates += 1
    else if (one.acknowledged < latestAsked) misplaced += 1
    seen.add(eventId)
    latestAsked = Math.max(latestAsked, one.asked)
  }
  // the same id acknowledged for two messages: one of them is gone
  return { lost: sent.length - seen.size, duplicates, misplaced }
}
