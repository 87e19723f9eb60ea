import type { Answer } from '../../target/matrix-client.ts'
import { pause } from '../../target/pause.ts'

const RETRY_MS = 30
const PATIENCE_MS = 90_000

/** A request that failed in a way that no fault excuses. */
export class Refused extends Error {}

export interface Acknowledged {
  readonly body: unknown
  /** How many attempts it took. */
  readonly attempts: number
}

/**
 * Repeats a request until it is answered with 200. No answer and 5xx are what faults do.
 * @throws {Refused} for other answers, or when nothing helps for a minute and a half
 */
export async function persist(what: string, send: () => Promise<Answer>): Promise<Acknowledged> {
  const deadline = performance.now() + PATIENCE_MS
  for (let attempts = 1; ; attempts += 1) {
    const answer = await send().catch((error: unknown) => String(error))
    if (typeof answer !== 'string') {
      if (answer.status === 200) return { body: answer.body, attempts }
      if (answer.status < 500) {
        throw new Refused(`${what}: ${answer.status} ${answer.text.slice(0, 500)}`)
      }
    }
    if (performance.now() > deadline) {
      const last = typeof answer === 'string' ? answer : `${answer.status} ${answer.text}`
      throw new Refused(`${what}: not acknowledged after ${attempts} attempts: ${last}`)
    }
    await pause(RETRY_MS)
  }
}
