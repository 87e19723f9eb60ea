import { MatrixError } from '#matrix/errors.ts'
import type { Clock } from '#platform/clock.ts'
import type { Logger } from '#platform/logger.ts'

const QUIET_MS = 10_000

/**
 * Tells the operator why requests are refused for a while: for each reason one line at once, then one
 * every ten seconds with their number, however many there are. A full disk should not be filled by
 * complaints about it.
 */
export class Outages {
  readonly #logger: Pick<Logger, 'error'>
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #reasons = new Map<string, { toldAt: number; refused: number }>()

  constructor(deps: { logger: Pick<Logger, 'error'>; clock: Pick<Clock, 'monotonic'> }) {
    this.#logger = deps.logger
    this.#clock = deps.clock
  }

  /** Notes what a request failed with; only an outage of something beneath us is told. */
  note(error: unknown): void {
    if (!(error instanceof MatrixError) || error.status < 500) return
    if (!(error.cause instanceof Error)) return
    // the code, for the text may name a file, a process, a port
    const reason = 'code' in error.cause ? String(error.cause.code) : error.cause.name
    const now = this.#clock.monotonic()
    const known = this.#reasons.get(reason) ?? { toldAt: -Infinity, refused: 0 }
    this.#reasons.set(reason, known)
    known.refused++
    if (now - known.toldAt < QUIET_MS) return
    this.#logger.error(
      { reason: error.cause.message, refused: known.refused },
      'requests are refused: the database cannot serve them',
    )
    known.toldAt = now
    known.refused = 0
  }
}
