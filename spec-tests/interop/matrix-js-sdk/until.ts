import { pause } from '../../target/pause.ts'

const PATIENCE_MS = 60_000
const STEP_MS = 10

type Sought<T> = T | undefined | null | false | ''

/**
 * Waits until a probe finds something.
 * @throws {Error} naming `what` when it does not come within a minute
 */
export async function until<T>(
  what: string,
  probe: () => Sought<T> | Promise<Sought<T>>,
): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS
  for (;;) {
    const found = await probe()
    if (found !== undefined && found !== null && found !== false && found !== '') return found
    if (performance.now() > deadline) throw new Error(`It did not come: ${what}`)
    await pause(STEP_MS)
  }
}
