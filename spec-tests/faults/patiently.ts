import { pause } from '../target/pause.ts'

const PATIENCE_MS = 120_000
const RETRY_MS = 100

/**
 * Does something again until it succeeds, as clients do: for what is asked once a fault is over, on
 * a machine that may be slow to get over it.
 * @throws what it throws after two minutes
 */
export async function patiently<T>(action: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    try {
      return await action()
    } catch (error) {
      if (performance.now() > deadline) throw error
    }
    await pause(RETRY_MS)
  }
}
