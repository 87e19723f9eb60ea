import type { Waiter } from '#log/types.ts'
import type { Clock } from '#platform/clock.ts'

/** Waits for a wake-up, at most `ms` milliseconds and no longer than the signal allows. */
export async function waitFor(
  waiter: Waiter,
  clock: Pick<Clock, 'after'>,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (waiter.isWoken || signal.aborted || ms <= 0) return
  const { promise, resolve } = Promise.withResolvers<void>()
  const cancel = clock.after(ms, resolve)
  const abort = () => resolve()
  signal.addEventListener('abort', abort)
  try {
    await Promise.race([waiter.woken, promise])
  } finally {
    cancel()
    signal.removeEventListener('abort', abort)
  }
}
