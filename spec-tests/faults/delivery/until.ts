import { pause } from '../../target/pause.ts'

/**
 * Repeats until the condition holds.
 * @returns false when it does not within the time
 */
export async function until(
  condition: () => boolean | Promise<boolean>,
  patienceMs: number,
): Promise<boolean> {
  const deadline = performance.now() + patienceMs
  while (!(await condition())) {
    if (performance.now() > deadline) return false
    await pause(50)
  }
  return true
}
