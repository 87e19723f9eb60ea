import { systemClock, type Clock } from '#platform/clock.ts'

/** The real clock, which a test can put forward. */
export class MovingClock implements Clock {
  #ahead = 0

  now(): number {
    return systemClock.now() + this.#ahead
  }
  monotonic(): number {
    return systemClock.monotonic()
  }
  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return systemClock.sleep(ms, signal)
  }
  after(ms: number, callback: () => void): () => void {
    return systemClock.after(ms, callback)
  }
  /** @param ms by how much later it is from now on; timers that run do not know */
  advance(ms: number): void {
    this.#ahead += ms
  }
}
