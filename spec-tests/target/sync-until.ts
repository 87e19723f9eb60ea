import { stringAt } from './json.ts'
import type { User } from './user.ts'

const ROUNDS = 20

/**
 * Syncs on from a token until an answer has what a probe looks for; servers say in their own time
 * what has no place in a timeline.
 * @throws {Error} naming `what` when 20 answers do not have it
 */
export async function syncUntil<T>(
  user: User,
  since: string,
  what: string,
  probe: (body: unknown) => T | undefined,
): Promise<T> {
  let token = since
  for (let round = 0; round < ROUNDS; round++) {
    const body = await user.sync({ since: token, timeout: '10000' })
    const found = probe(body)
    if (found !== undefined) return found
    token = stringAt(body, 'next_batch')
  }
  throw new Error(`No sync had it: ${what}`)
}
