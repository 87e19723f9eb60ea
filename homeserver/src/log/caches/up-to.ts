/**
 * Options of an LRU cache with at most `count` entries, whose memory grows with its use: with `max`
 * the cache would take the memory of all entries at once.
 */
export function upTo(count: number): { maxSize: number; sizeCalculation: () => number } {
  return { maxSize: count, sizeCalculation: () => 1 }
}
